package org.merlin.protocol.conf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.merlin.protocol.node.NodeRole;

/**
 * The text of a merlin.conf, to change the sections of other nodes in: all else stays as it is, byte for byte, with its comments and its
 * order. Each change gives a new text; whether that is a good configuration {@link #check} tells. Immutable.
 *
 * <p>Kept as ISO 8859-1, which takes any byte and gives it back.
 */
public final class ConfText {
    private static final String BOM = "\u00ef\u00bb\u00bf";
    private static final String INDENT = "    ";
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    /** Different spellings of one key. */
    private static final List<List<String>> SAME =
            List.of(List.of("address", "host"), List.of("hostgroup", "hostgroups"));
    /** Begins the keys of the nested section, as the C original's {@code mon node add} takes them. */
    private static final String NESTED = "oconf_";

    private final String text;
    private final int[] lineStarts;
    private final ConfSection root;

    private ConfText(String text) {
        this.text = text;
        String read = text.startsWith(BOM) ? text.substring(BOM.length()) : text;
        lineStarts = lineStarts(text, text.length() - read.length());
        root = ConfParser.parse(read.lines().toList(), MerlinConfReader.OUTERMOST, new ConfProblems(""));
    }

    /** Takes a file's bytes, whatever they are. */
    public static ConfText of(byte[] bytes) {
        return new ConfText(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /** What a file has; empty if it cannot be read: {@link MerlinConfReader#read} tells why. */
    public static Optional<ConfText> read(Path file) {
        return ConfFile.bytes(file, new ConfProblems("")).map(ConfText::of);
    }

    private static int[] lineStarts(String text, int first) {
        List<Integer> starts = new ArrayList<>(List.of(first));
        for (int i = first; i < text.length(); i++) {
            boolean end = text.charAt(i) == '\n'
                    || text.charAt(i) == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n');
            if (end) {
                starts.add(i + 1);
            }
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether a node can have this name. */
    public static boolean isNodeName(String name) {
        return NodeSections.isName(name);
    }

    /** What a node's name consists of, in words. */
    public static String nodeNameRule() {
        return NodeSections.NAME_RULE;
    }

    /** The bytes of it. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** All problems that it has as the content of a file. */
    public MerlinConfReader.Report check(Path file) {
        return MerlinConfReader.read(file, bytes());
    }

    /** Whether there is a section for a node. */
    public boolean has(String node) {
        return section(node).isPresent();
    }

    private Optional<ConfSection> section(String node) {
        return root.sections().stream()
                .filter(section -> NodeSections.ROLES.containsKey(section.name())
                        && section.title().equals(node))
                .findFirst();
    }

    // --- changes ----------------------------------------------------------------------------------------------------

    /**
     * With a section for one more node, at the end.
     *
     * @param keys in the order in which they are to stand; {@code oconf_push} and the like go into a section {@code object_config}
     * @throws IllegalArgumentException if a key or a value cannot be written, in words for people
     */
    public ConfText with(NodeRole role, String node, Map<String, String> keys) {
        StringBuilder added = new StringBuilder();
        added.append(role.word()).append(' ').append(node).append(" {").append(newline());
        Map<String, String> nested = new LinkedHashMap<>();
        keys.forEach((key, value) -> {
            requireWritable(key, value);
            if (key.startsWith(NESTED)) {
                nested.put(key.substring(NESTED.length()), value);
            } else {
                added.append(INDENT).append(statement(key, value)).append(newline());
            }
        });
        if (!nested.isEmpty()) {
            added.append(INDENT).append("object_config {").append(newline());
            nested.forEach((key, value) ->
                    added.append(INDENT + INDENT).append(statement(key, value)).append(newline()));
            added.append(INDENT).append('}').append(newline());
        }
        added.append('}').append(newline());
        String before = text.isEmpty() || text.endsWith("\n") ? text : text + newline();
        return new ConfText(before + (before.isEmpty() ? "" : newline()) + added).requireKeys(node, keys);
    }

    /**
     * Without the section of a node. Comments stay, but for those inside.
     *
     * @throws IllegalArgumentException if it has none
     */
    public ConfText without(String node) {
        ConfSection section = require(node);
        return new ConfText(without(offset(section.head()), offset(section.end()), true));
    }

    /**
     * With other keys in a node's section: where it has a key, its value changes in place, else the key comes last; one without a value
     * goes.
     *
     * @throws IllegalArgumentException if the node has no section, or a key or a value cannot be written, in words for people
     */
    public ConfText edited(String node, Map<String, String> keys) {
        require(node);
        ConfText edited = this;
        for (Map.Entry<String, String> key : keys.entrySet()) {
            requireWritable(key.getKey(), key.getValue());
            if (key.getKey().startsWith(NESTED)) {
                throw new IllegalArgumentException("'" + key.getKey()
                        + "' stands in a section object_config of its own: change it there, by hand");
            }
            edited = edited.edited(node, key.getKey(), key.getValue());
        }
        return edited.requireKeys(node, keys);
    }

    private ConfText edited(String node, String key, String value) {
        ConfSection section = require(node);
        Optional<ConfSection.Entry> entry = entry(section, key);
        if (entry.isEmpty()) {
            return value.isEmpty() ? this : new ConfText(insert(section, statement(key, value)));
        }
        int from = lineStarts[entry.get().line() - 1] + entry.get().from();
        int to = lineStarts[entry.get().line() - 1] + entry.get().to();
        if (!value.isEmpty()) {
            String statement = statement(entry.get().key(), value);
            boolean ended = to < text.length() && text.charAt(to) == ';';
            return new ConfText(text.substring(0, from)
                    + (ended ? statement.substring(0, statement.length() - 1) : statement)
                    + text.substring(to));
        }
        boolean semicolon = to < text.length() && text.charAt(to) == ';';
        return new ConfText(without(from, semicolon ? to + 1 : to, false));
    }

    private static Optional<ConfSection.Entry> entry(ConfSection section, String key) {
        List<String> spellings =
                SAME.stream().filter(same -> same.contains(key)).findFirst().orElse(List.of(key));
        return section.entries().stream()
                .filter(entry -> spellings.contains(entry.key()))
                .findFirst();
    }

    /** Behind its last entry, in a line of its own; where the whole section is one line, behind its brace. */
    private String insert(ConfSection section, String statement) {
        int line = section.entries().stream()
                .mapToInt(ConfSection.Entry::line)
                .max()
                .orElse(section.body().line());
        if (line == section.end().line() || line == section.body().line() && !blankBehind(section.body())) {
            int body = offset(section.body());
            return text.substring(0, body) + " " + statement + text.substring(body);
        }
        int next = lineStarts[line];
        String indent = section.entries().isEmpty() ? INDENT : indentOf(line);
        return text.substring(0, next) + indent + statement + newline() + text.substring(next);
    }

    private boolean blankBehind(ConfSection.Place place) {
        int end = place.line() < lineStarts.length ? lineStarts[place.line()] : text.length();
        return text.substring(offset(place), end).isBlank();
    }

    private String indentOf(int line) {
        int end = lineStarts[line - 1];
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        return text.substring(lineStarts[line - 1], end);
    }

    /** Without a piece; whole lines go if nothing else is in them, with one of two blank lines around. */
    private String without(int from, int to, boolean blankLineToo) {
        int begin = from;
        while (begin > 0 && isBlank(text.charAt(begin - 1))) {
            begin--;
        }
        int end = to;
        while (end < text.length() && (isBlank(text.charAt(end)) || text.charAt(end) == ';')) {
            end++;
        }
        boolean wholeLines = isLineStart(begin) && (end == text.length() || isLineEnd(end));
        if (!wholeLines) {
            return text.substring(0, from) + text.substring(isLineStart(begin) ? end : to);
        }
        end = afterLineEnd(end);
        String before = text.substring(0, begin);
        String after = text.substring(end);
        boolean blankBefore = before.endsWith("\n\n") || before.endsWith("\n\r\n");
        boolean blankAfter = after.isEmpty() || after.startsWith("\n") || after.startsWith("\r\n");
        if (blankLineToo && blankBefore && blankAfter) {
            before = before.substring(0, before.length() - (before.endsWith("\r\n") ? 2 : 1));
        }
        return before + after;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private boolean isLineStart(int at) {
        return at == 0 || isLineEnd(at - 1) || at == lineStarts[0];
    }

    private boolean isLineEnd(int at) {
        return text.charAt(at) == '\n' || text.charAt(at) == '\r';
    }

    private int afterLineEnd(int at) {
        if (at == text.length()) {
            return at;
        }
        boolean two = text.charAt(at) == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n';
        return at + (two ? 2 : 1);
    }

    private String newline() {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    private int offset(ConfSection.Place place) {
        return lineStarts[place.line() - 1] + place.column();
    }

    private ConfSection require(String node) {
        return section(node).orElseThrow(() -> new IllegalArgumentException("there is no node '" + node + "'"));
    }

    // --- what can be written ----------------------------------------------------------------------------------------

    private static String statement(String key, String value) {
        return key + " = " + bytesOf(value).replace(";", "\\;") + ";";
    }

    private static String bytesOf(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static void requireWritable(String key, String value) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("'" + key + "' is no key: letters, digits and underscores");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the value of '" + key + "' has a control character in it");
        }
    }

    /** What is written must be what is read. */
    private ConfText requireKeys(String node, Map<String, String> keys) {
        ConfSection section = require(node);
        keys.forEach((key, value) -> {
            boolean nested = key.startsWith(NESTED);
            ConfSection of =
                    nested && !section.sections().isEmpty() ? section.sections().get(0) : section;
            String read = entry(of, nested ? key.substring(NESTED.length()) : key)
                    .map(ConfSection.Entry::value)
                    .orElse("");
            if (!read.equals(bytesOf(value.strip()))) {
                throw new IllegalArgumentException(
                        "the value of '" + key + "' cannot be written to a merlin.conf: " + ConfProblems.quoted(value));
            }
        });
        return this;
    }

    // --- what is other ----------------------------------------------------------------------------------------------

    /** The lines in which another text differs, as one piece with its place: {@code -} is gone, {@code +} is new; none if it does not. */
    public List<String> differenceTo(ConfText other) {
        List<String> old = text.lines().toList();
        List<String> fresh = other.text.lines().toList();
        int same = 0;
        while (same < Math.min(old.size(), fresh.size()) && old.get(same).equals(fresh.get(same))) {
            same++;
        }
        int tail = 0;
        while (tail < Math.min(old.size(), fresh.size()) - same
                && old.get(old.size() - 1 - tail).equals(fresh.get(fresh.size() - 1 - tail))) {
            tail++;
        }
        List<String> lines = new ArrayList<>();
        if (old.size() - tail > same || fresh.size() - tail > same) {
            lines.add("@@ line " + (same + 1) + " @@");
            old.subList(same, old.size() - tail).forEach(line -> lines.add("-" + line));
            fresh.subList(same, fresh.size() - tail).forEach(line -> lines.add("+" + line));
        }
        return lines.stream().map(ConfText::readable).toList();
    }

    private static String readable(String line) {
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return readable(text);
    }
}
