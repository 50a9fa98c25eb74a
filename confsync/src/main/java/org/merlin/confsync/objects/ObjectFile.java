package org.merlin.confsync.objects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A flat object file ({@code objects.cache}) as blocks: what it means is the scheduler's business. Values keep their
 * escapes, so that what is written again reads the same. A semicolon begins a comment, {@code \;} does not.
 *
 * @param blocks in the order of the file
 */
public record ObjectFile(List<ObjectBlock> blocks) {
    public ObjectFile {
        blocks = List.copyOf(blocks);
    }

    /** The text is no object file. */
    public static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String name, int line, String what) {
            super(name + ":" + line + ": " + what);
        }
    }

    /**
     * Reads blocks.
     *
     * @param name of the file, for messages
     * @throws SyntaxException at the first line that belongs to no block
     */
    public static ObjectFile parse(String name, List<String> lines) throws SyntaxException {
        List<ObjectBlock> blocks = new ArrayList<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        String type = "";
        int begun = 0;
        for (int number = 1; number <= lines.size(); number++) {
            String line = withoutComment(lines.get(number - 1)).strip();
            if (line.isEmpty()) {
                continue;
            }
            if (type.isEmpty()) {
                type = typeOf(name, number, line);
                begun = number;
                attributes.clear();
            } else if (line.equals("}")) {
                blocks.add(new ObjectBlock(begun, type, attributes));
                type = "";
            } else {
                String[] words = line.split("\\s+", 2);
                attributes.put(words[0], words.length == 2 ? words[1] : "");
            }
        }
        if (!type.isEmpty()) {
            throw new SyntaxException(name, begun, "define " + type + " is not closed by a }");
        }
        return new ObjectFile(blocks);
    }

    private static String typeOf(String name, int number, String line) throws SyntaxException {
        String[] words = line.split("[\\s{]+");
        if (words.length != 2 || !words[0].equals("define") || !line.endsWith("{")) {
            throw new SyntaxException(name, number, "'" + line + "' is outside a block; one begins: define TYPE {");
        }
        return words[1];
    }

    private static String withoutComment(String line) {
        if (line.stripLeading().startsWith("#")) {
            return "";
        }
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == ';' && (i == 0 || line.charAt(i - 1) != '\\')) {
                return line.substring(0, i);
            }
        }
        return line;
    }

    /** The blocks of one type. */
    public List<ObjectBlock> of(String type) {
        return blocks.stream().filter(block -> block.type().equals(type)).toList();
    }

    /** The whole file's text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        blocks.forEach(block -> text.append(block.text()));
        return text.toString();
    }
}
