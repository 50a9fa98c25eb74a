package org.merlin.confsync.objects;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One {@code define TYPE { ... }} of a flat object file.
 *
 * @param line where it begins, from 1
 * @param attributes in the order of the file
 */
public record ObjectBlock(int line, String type, Map<String, String> attributes) {
    public ObjectBlock {
        attributes = new LinkedHashMap<>(attributes);
    }

    /** The value of an attribute, empty if it is not there. */
    public String get(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    /** The comma-separated names of an attribute. */
    public List<String> names(String attribute) {
        return split(get(attribute));
    }

    static List<String> split(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The same with other values for some attributes; an empty value takes the attribute out. */
    ObjectBlock with(Map<String, String> changes) {
        Map<String, String> changed = new LinkedHashMap<>(attributes);
        changes.forEach((attribute, value) -> {
            if (value.isEmpty()) {
                changed.remove(attribute);
            } else {
                changed.put(attribute, value);
            }
        });
        return new ObjectBlock(line, type, changed);
    }

    /** The block as it stands in a file, one attribute a line. */
    public String text() {
        StringBuilder text = new StringBuilder("define ").append(type).append(" {\n");
        attributes.forEach((attribute, value) ->
                text.append('\t').append(attribute).append('\t').append(value).append('\n'));
        return text.append("}\n\n").toString();
    }
}
