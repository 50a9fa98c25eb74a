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
    private Place head = new Place(0, 0);
    private Place body = new Place(0, 0);
    private Place end = new Place(0, 0);

    /** A place in the text: a line from 1, and a column from 0. */
    record Place(int line, int column) {}

    /**
     * One {@code key = value}; the value may be empty.
     *
     * @param from column of its first character
     * @param to the column behind its last one; that of its semicolon, if it has one
     */
    record Entry(int line, String key, String value, int from, int to) {}

    ConfSection(String name, String title, int line) {
        this.name = name;
        this.title = title;
        this.line = line;
    }

    /** It begins here, and its body there. */
    void at(int headColumn, int bodyColumn) {
        head = new Place(line, headColumn);
        body = new Place(line, bodyColumn);
    }

    /** The place behind its closing brace. */
    void ends(int endLine, int endColumn) {
        end = new Place(endLine, endColumn);
    }

    Place head() {
        return head;
    }

    Place body() {
        return body;
    }

    Place end() {
        return end;
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
