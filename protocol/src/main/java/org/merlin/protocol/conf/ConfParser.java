package org.merlin.protocol.conf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Reads the syntax of merlin.conf: {@code key = value;} and {@code name title { ... }}, nested. The equals sign may be a
 * blank, semicolons are optional, {@code \;} is a semicolon in a value, {@code #} where a statement may begin starts a
 * comment. Never throws at its input: what is wrong becomes a problem, and reading goes on.
 */
final class ConfParser {
    /** Longest line, in characters. */
    static final int MAX_LINE = 64 * 1024;
    /** Deepest nesting of sections. */
    static final int MAX_DEPTH = 8;

    private final String file;
    private final List<ConfProblem> problems;
    private final ConfSection root = new ConfSection("", "", 0);
    private final Deque<ConfSection> open = new ArrayDeque<>();

    private ConfParser(String file, List<ConfProblem> problems) {
        this.file = file;
        this.problems = problems;
        open.push(root);
    }

    /**
     * Reads a file's lines.
     *
     * @param file its name as the operator gave it, for problems
     * @param problems takes what is wrong
     */
    static ConfSection parse(String file, List<String> lines, List<ConfProblem> problems) {
        ConfParser parser = new ConfParser(file, problems);
        for (int number = 1; number <= lines.size(); number++) {
            parser.line(number, lines.get(number - 1));
        }
        while (parser.open.size() > 1) {
            ConfSection unclosed = parser.open.pop();
            parser.problem(unclosed.line(), "section '" + described(unclosed) + "' is not closed by a }");
        }
        return parser.root;
    }

    private static String described(ConfSection section) {
        return section.title().isEmpty() ? section.name() : section.name() + " " + section.title();
    }

    private void line(int number, String line) {
        if (line.length() > MAX_LINE) {
            problem(number, "a line of " + line.length() + " characters, the bound is " + MAX_LINE);
            return;
        }
        if (line.chars().anyMatch(c -> c < ' ' && c != '\t' && c != '\r' && c != '\f')) {
            problem(number, "control characters: this is no text");
            return;
        }
        int from = 0;
        while (from < line.length()) {
            from = statement(number, line, from);
        }
    }

    /** Takes one statement; returns where the next one begins. */
    private int statement(int number, String line, int from) {
        int start = from;
        while (start < line.length() && (Character.isWhitespace(line.charAt(start)) || line.charAt(start) == ';')) {
            start++;
        }
        if (start == line.length() || line.charAt(start) == '#') {
            return line.length();
        }
        if (line.charAt(start) == '}') {
            close(number);
            return start + 1;
        }
        int brace = line.indexOf('{', start);
        if (brace >= 0 && opensSection(line.substring(start, brace))) {
            open(number, line.substring(start, brace));
            return brace + 1;
        }
        int end = endOfStatement(line, start);
        String text = line.substring(start, end).strip();
        boolean closes = end == line.length() && text.endsWith("}") && text.indexOf('{') < 0;
        entry(number, closes ? text.substring(0, text.length() - 1).strip() : text);
        if (closes) {
            close(number);
        }
        return end + 1;
    }

    private static boolean opensSection(String before) {
        String words = before.strip();
        return words.indexOf('=') < 0 && words.indexOf(';') < 0 && words.split("\\s+").length <= 2;
    }

    private static int endOfStatement(String line, int start) {
        for (int i = start; i < line.length(); i++) {
            if (line.charAt(i) == ';' && line.charAt(i - 1) != '\\') {
                return i;
            }
        }
        return line.length();
    }

    private void open(int number, String words) {
        String[] parts = words.strip().split("\\s+", 2);
        ConfSection section = new ConfSection(parts[0], parts.length == 2 ? parts[1] : "", number);
        if (parts[0].isEmpty()) {
            problem(number, "a { without a name before it: write name { or peer NAME {");
        }
        if (open.size() > MAX_DEPTH) {
            problem(number, "sections are nested deeper than " + MAX_DEPTH);
        } else if (!parts[0].isEmpty()) {
            open.peek().sections().add(section);
        }
        open.push(section);
    }

    private void close(int number) {
        if (open.size() == 1) {
            problem(number, "a } that closes nothing");
        } else {
            open.pop();
        }
    }

    private void entry(int number, String text) {
        if (text.isEmpty()) {
            return;
        }
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != '=') {
            end++;
        }
        String key = text.substring(0, end);
        String value = text.substring(end).strip();
        if (value.startsWith("=")) {
            value = value.substring(1).strip();
        }
        if (key.isEmpty()) {
            problem(number, "'" + text + "' has no key before the =");
        } else {
            open.peek().entries().add(new ConfSection.Entry(number, key, value.replace("\\;", ";")));
        }
    }

    private void problem(int line, String text) {
        problems.add(new ConfProblem(file, line, true, text));
    }
}
