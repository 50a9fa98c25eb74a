package org.merlin.module.nagios;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where one kind of scheduler keeps its fields: a column of {@code layouts.txt}. Immutable.
 *
 * @param name of the column, e.g. {@code nagios-4.4}
 * @param offsets in bytes by name, e.g. {@code host.current_state}
 */
record Layout(String name, Map<String, Integer> offsets) {
    private static final List<String> COLUMNS = List.of("nagios-4.4", "nagios-4.5", "naemon-1");

    /**
     * Finds the column of a scheduler.
     *
     * @param description project and version, e.g. {@code nagios 4.4.6}
     * @return empty if none is known to fit
     */
    static Optional<Layout> of(String description) {
        String start = description.replace(' ', '-') + ".";
        return COLUMNS.stream()
                .filter(column -> start.startsWith(column + "."))
                .findFirst()
                .map(Layout::column);
    }

    private static Layout column(String name) {
        int column = COLUMNS.indexOf(name);
        Map<String, Integer> offsets = new HashMap<>();
        try (InputStream in = Layout.class.getResourceAsStream("layouts.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.strip().split("\\s+");
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (words.length != 1 + COLUMNS.size()) {
                    throw new IllegalStateException("layouts.txt: not a field and its offsets: " + line);
                }
                if (!words[1 + column].equals("-")) {
                    offsets.put(words[0], Integer.parseInt(words[1 + column]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("layouts.txt is not in the module's jar", e);
        }
        return new Layout(name, offsets);
    }

    /** The offset of a field. */
    int at(String field) {
        Integer offset = offsets.get(field);
        if (offset == null) {
            throw new IllegalStateException("layouts.txt has no " + field + " for " + name);
        }
        return offset;
    }

    /** Whether the scheduler raises a notification's number before it asks whether to send it. */
    boolean countsBeforeAsking() {
        return name.startsWith("nagios");
    }

    /** Whether acknowledgements may have an end, in the callback's last field. */
    boolean hasExpiringAcknowledgements() {
        return name.startsWith("naemon");
    }

    /** The fields of one type of object, {@code host} or {@code service}. */
    ObjectLayout part(String type) {
        return new ObjectLayout(this, type);
    }

    boolean has(String field) {
        return offsets.containsKey(field);
    }

    /** Whether a table with one offset changed would be: for tests. */
    Layout with(String field, int offset) {
        Map<String, Integer> changed = new HashMap<>(offsets);
        changed.put(field, offset);
        return new Layout(name, changed);
    }

    /** What the shim itself needs: sizes, and texts of service and host. */
    int[] forShim() {
        return new int[] {
            at("service.sizeof"),
            at("host.sizeof"),
            at("service.plugin_output"),
            at("service.long_plugin_output"),
            at("service.perf_data"),
            at("host.plugin_output"),
            at("host.long_plugin_output"),
            at("host.perf_data")
        };
    }
}
