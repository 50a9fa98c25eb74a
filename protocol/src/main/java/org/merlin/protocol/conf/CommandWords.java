package org.merlin.protocol.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits a command line into words as a shell does, with quotes and backslashes, and expands nothing. What a shell would do with
 * the rest of its signs is only recognised. Stateless.
 */
public final class CommandWords {
    private static final String SIGNS = "|&;<>()*?[$`";
    private static final String SIGNS_IN_DOUBLE_QUOTES = "$`";
    private static final String ESCAPED_IN_DOUBLE_QUOTES = "$`\"\\";

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private Optional<String> sign = Optional.empty();
    private int at;

    private CommandWords(String line) {
        this.line = line;
    }

    /** The words of a line; empty if one of its quotes is not closed or a backslash ends it. */
    public static Optional<List<String>> of(String line) {
        CommandWords words = new CommandWords(line);
        return words.split() ? Optional.of(List.copyOf(words.words)) : Optional.empty();
    }

    /** The first sign outside of quotes that means something to a shell, and nothing without one. */
    public static Optional<String> signForShell(String line) {
        CommandWords words = new CommandWords(line);
        words.split();
        return words.sign;
    }

    private boolean split() {
        boolean whole = true;
        while (whole && at < line.length()) {
            char next = line.charAt(at++);
            switch (next) {
                case ' ', '\t' -> endWord();
                case '\'' -> whole = singleQuoted();
                case '"' -> whole = doubleQuoted();
                case '\\' -> whole = escaped();
                default -> plain(next, SIGNS);
            }
        }
        endWord();
        return whole;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private void plain(char next, String signs) {
        if (sign.isEmpty() && (signs.indexOf(next) >= 0 || next == '~' && !inWord)) {
            sign = Optional.of(String.valueOf(next));
        }
        inWord = true;
        word.append(next);
    }

    private boolean escaped() {
        if (at == line.length()) {
            return false;
        }
        inWord = true;
        word.append(line.charAt(at++));
        return true;
    }

    private boolean singleQuoted() {
        inWord = true;
        int end = line.indexOf('\'', at);
        if (end < 0) {
            return false;
        }
        word.append(line, at, end);
        at = end + 1;
        return true;
    }

    private boolean doubleQuoted() {
        inWord = true;
        while (at < line.length()) {
            char next = line.charAt(at++);
            if (next == '"') {
                return true;
            }
            if (next == '\\' && at < line.length() && ESCAPED_IN_DOUBLE_QUOTES.indexOf(line.charAt(at)) >= 0) {
                word.append(line.charAt(at++));
            } else {
                plain(next, SIGNS_IN_DOUBLE_QUOTES);
            }
        }
        return false;
    }
}
