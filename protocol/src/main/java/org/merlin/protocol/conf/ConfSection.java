package org.merlin.protocol.conf;

import java.util.ArrayList;
import java.util.List;

/** A section of a configuration file as it stands there: {@code name title { entries and sections }}. Filled by the parser. */
final class ConfSection {
    private final String name;
    private final String title;
    private final int line;
    private final List<Entry> entries = new ArrayList<>();
    private final List<ConfSection> sections = new ArrayList<>();

    /** One {@code key = value}; the value may be empty. */
    record Entry(int line, String key, String value) {}

    ConfSection(String name, String title, int line) {
        this.name = name;
        this.title = title;
        this.line = line;
    }

    String name() {
        return name;
    }

    /** The second word, e.g. a node's name; empty if there is none. */
    String title() {
        return title;
    }

    int line() {
        return line;
    }

    /** Name and title in quotes, for problems. */
    String described() {
        return ConfProblems.quoted(title.isEmpty() ? name : name + " " + title);
    }

    List<Entry> entries() {
        return entries;
    }

    List<ConfSection> sections() {
        return sections;
    }
}
