package org.merlin.confsync.objects;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.merlin.confsync.objects.ObjectFile.SyntaxException;

/**
 * Cuts an object file into blocks, one after another, so that none but the present one is in memory. In a file of people's a
 * semicolon begins a comment and {@code \;} is one; in the cache that Nagios and Naemon write, told by its heading, semicolons stand
 * as they are. Blocks have the form for people in either case. Confined to one thread.
 */
final class ObjectReader {
    static final Set<String> WEEKDAYS =
            Set.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");
    static final Set<String> NO_DAYS = Set.of("timeperiod_name", "alias", "exclude", "name", "use", "register");

    private final String name;
    private final Consumer<ObjectBlock> sink;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private boolean cache;
    private int number;
    private String type = "";
    private int begun;

    private ObjectReader(String name, Consumer<ObjectBlock> sink) {
        this.name = name;
        this.sink = sink;
    }

    /**
     * Reads to the end.
     *
     * @param name of the file, for messages
     * @throws SyntaxException at the first line that belongs to no block
     */
    static void read(String name, BufferedReader lines, Consumer<ObjectBlock> sink)
            throws IOException, SyntaxException {
        ObjectReader reader = new ObjectReader(name, sink);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            reader.line(line.strip());
        }
        if (!reader.type.isEmpty()) {
            throw new SyntaxException(name, reader.begun, "define " + reader.type + " is not closed by a }");
        }
    }

    private void line(String line) throws SyntaxException {
        number++;
        if (line.startsWith("#")) {
            cache |= begun == 0 && line.toUpperCase(Locale.ROOT).contains("OBJECT CACHE FILE");
            return;
        }
        String told = cache ? line.replace(";", "\\;") : withoutComment(line).strip();
        if (told.isEmpty()) {
            return;
        }
        if (type.isEmpty()) {
            type = typeOf(told);
            begun = number;
            attributes.clear();
        } else if (told.equals("}")) {
            sink.accept(new ObjectBlock(begun, type, attributes));
            type = "";
        } else {
            attribute(told);
        }
    }

    private String typeOf(String line) throws SyntaxException {
        String[] words = line.split("[\\s{]+");
        if (words.length != 2 || !words[0].equals("define") || !line.endsWith("{")) {
            throw new SyntaxException(name, number, "'" + line + "' is outside a block; one begins: define TYPE {");
        }
        return words[1];
    }

    private static String withoutComment(String line) {
        for (int i = line.indexOf(';'); i >= 0; i = line.indexOf(';', i + 1)) {
            if (i == 0 || line.charAt(i - 1) != '\\') {
                return line.substring(0, i);
            }
        }
        return line;
    }

    private void attribute(String line) {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        String word = line.substring(0, end);
        if (type.equals("timeperiod") && !NO_DAYS.contains(word)) {
            days(line.split("\\s+"));
        } else {
            attributes.put(word, line.substring(end).strip());
        }
    }

    /** Days and times. Of two lines with the same days the scheduler goes by the last if it is a weekday, else by the first. */
    private void days(String[] words) {
        int times = words.length;
        while (times > 1 && words[times - 1].indexOf(':') >= 0) {
            times--;
        }
        String days = String.join(" ", Arrays.asList(words).subList(0, times));
        String ranges = String.join("", Arrays.asList(words).subList(times, words.length));
        if (WEEKDAYS.contains(days)) {
            attributes.put(days, ranges);
        } else {
            attributes.putIfAbsent(days, ranges);
        }
    }
}
