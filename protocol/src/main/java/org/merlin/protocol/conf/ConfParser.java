package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Reads the syntax of merlin.conf: {@code key = value;} and {@code name title { ... }}, nested. A statement ends at a
 * semicolon or with its line. The equals sign may be a blank, {@code \;} is a semicolon in a value, {@code #} where a
 * statement may begin starts a comment. Braces in pairs belong to a value. Never throws at its input: what is wrong
 * becomes a problem, and reading goes on; a section that stands by itself ends those that were left open before it.
 */
final class ConfParser {
    /** Longest line, in characters. */
    static final int MAX_LINE = 64 * 1024;
    /** Deepest nesting of sections. */
    static final int MAX_DEPTH = 8;
    /** Most entries and sections: room for more than ten thousand nodes. */
    static final int MAX_STATEMENTS = 250_000;

    private final Set<String> outermost;
    private final ConfProblems problems;
    private final ConfSection root = new ConfSection("", "", 0);
    private final Deque<ConfSection> open = new ArrayDeque<>();
    private int statements;

    private ConfParser(Set<String> outermost, ConfProblems problems) {
        this.outermost = outermost;
        this.problems = problems;
        open.push(root);
    }

    /**
     * Reads a file's lines.
     *
     * @param outermost names of sections that are never inside another one
     * @return the section without a name that holds all others
     */
    static ConfSection parse(List<String> lines, Set<String> outermost, ConfProblems problems) {
        ConfParser parser = new ConfParser(outermost, problems);
        for (int number = 1; number <= lines.size(); number++) {
            if (parser.statements > MAX_STATEMENTS) {
                problems.error(number, "more than " + MAX_STATEMENTS + " entries: is this a merlin.conf?");
                return parser.root;
            }
            parser.line(number, lines.get(number - 1));
        }
        parser.closeAll("is not closed by a }");
        return parser.root;
    }

    private void closeAll(String complaint) {
        while (open.size() > 1) {
            ConfSection unclosed = open.pop();
            problems.error(unclosed.line(), "section " + unclosed.described() + " " + complaint);
        }
    }

    private void line(int number, String line) {
        if (line.length() > MAX_LINE) {
            problems.error(number, "a line of " + line.length() + " characters, the bound is " + MAX_LINE);
            return;
        }
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '#') {
                return;
            } else if (c == '}') {
                at++;
                close(number, at);
            } else if (c == ';' || Character.isWhitespace(c)) {
                at++;
            } else {
                at = statement(number, line, at);
            }
        }
    }

    /** Takes the entry, or the head of a section, that begins here; returns where to go on. */
    private int statement(int number, String line, int start) {
        statements++;
        int braces = 0;
        boolean mayBeHead = true;
        for (int i = start; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ';' && (i == 0 || line.charAt(i - 1) != '\\')) {
                entry(number, line.substring(start, i), start);
                return i + 1;
            } else if (c == '=') {
                mayBeHead = false;
            } else if (c == '{') {
                if (mayBeHead && isHead(line, start, i)) {
                    open(number, line.substring(start, i), start);
                    return i + 1;
                }
                mayBeHead = false;
                braces++;
            } else if (c == '}' && braces > 0) {
                braces--;
            } else if (c == '}' && closesHere(number, line, i)) {
                entry(number, line.substring(start, i), start);
                close(number, i + 1);
                return i + 1;
            }
        }
        entry(number, line.substring(start), start);
        return line.length();
    }

    /** Whether the brace ends the head of a section: a name, or a name and a title, or nothing follows in the line. */
    private static boolean isHead(String line, int start, int brace) {
        char before = brace == start ? ' ' : line.charAt(brace - 1);
        if (!Character.isLetterOrDigit(before) && "_.- \t".indexOf(before) < 0) {
            return false;
        }
        return line.substring(start, brace).strip().split("\\s+", 3).length <= 2 || blankFrom(line, brace + 1);
    }

    private static boolean blankFrom(String line, int start) {
        int i = start;
        while (i < line.length() && Character.isWhitespace(line.charAt(i))) {
            i++;
        }
        return i == line.length();
    }

    /**
     * Whether a brace in a value closes the section: always if the section began in this line, else where it stands
     * alone, so that a password may hold one.
     */
    private boolean closesHere(int number, String line, int brace) {
        if (open.peek().line() == number) {
            return true;
        }
        boolean free = brace + 1 == line.length() || " \t;}#".indexOf(line.charAt(brace + 1)) >= 0;
        return free && Character.isWhitespace(line.charAt(brace - 1));
    }

    private void open(int number, String head, int column) {
        String[] words = head.strip().split("\\s+", 2);
        ConfSection section = new ConfSection(words[0], words.length == 2 ? words[1] : "", number);
        section.at(column, column + head.length() + 1);
        if (outermost.contains(words[0])) {
            closeAll("is not closed by a } before section " + section.described() + " in line " + number);
        }
        if (words[0].isEmpty()) {
            problems.error(number, "a { without a name before it: write name { or peer NAME { in one line");
        } else if (open.size() > MAX_DEPTH) {
            problems.error(number, "sections are nested deeper than " + MAX_DEPTH);
        } else {
            open.peek().sections().add(section);
        }
        open.push(section);
    }

    private void close(int number, int behind) {
        if (open.size() == 1) {
            problems.error(number, "a } that closes nothing");
        } else {
            open.pop().ends(number, behind);
        }
    }

    private void entry(int number, String statement, int column) {
        String text = statement.strip();
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
            problems.error(number, quoted(text) + " has no key before the =");
            return;
        }
        if (value.contains(" # ")) {
            problems.warn(
                    number, "the value of " + quoted(key) + " goes on after the #: a comment needs a ; before it");
        }
        int to = column + statement.stripTrailing().length();
        open.peek().entries().add(new ConfSection.Entry(number, key, value.replace("\\;", ";"), column, to));
    }
}
