package org.merlin.module.quartz.objects;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One {@code define TYPE { ... }} of an object file. Confined to the reading thread. */
final class Block {
    /**
     * A line of a block.
     *
     * @param value the rest of the line after the name, trimmed; may be empty
     */
    record Attribute(String name, String value, int line) {}

    private final String type;
    private final int line;
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();

    Block(String type, int line) {
        this.type = type;
        this.line = line;
    }

    /** Keeps an attribute; returns the former one of the same name, if there was one. */
    Optional<Attribute> put(Attribute attribute) {
        return Optional.ofNullable(attributes.put(attribute.name(), attribute));
    }

    String type() {
        return type;
    }

    int line() {
        return line;
    }

    Iterable<Attribute> attributes() {
        return attributes.values();
    }

    Optional<Attribute> get(String name) {
        return Optional.ofNullable(attributes.get(name));
    }

    String text(String name, String otherwise) {
        return get(name).map(Attribute::value).filter(value -> !value.isEmpty()).orElse(otherwise);
    }

    /** Line of an attribute; of the block's beginning where it has none. */
    int lineOf(String name) {
        return get(name).map(Attribute::line).orElse(line);
    }
}
