package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * The C original's list of log levels: a word is that level and all above it, {@code +word} and {@code -word} add and
 * take one. What we log has no holes: it goes down to the lowest level that is left.
 */
final class LogLevels {
    /** From the most severe down. */
    private static final List<String> ORDER = List.of("err", "warn", "info", "debug");

    private static final Map<String, String> OTHER_WORDS = Map.of("all", "debug", "error", "err", "warning", "warn");

    private LogLevels() {}

    /** The lowest level that a list leaves, beginning with what holds without it. */
    static String lowest(ConfValues values, ConfSection.Entry entry, String otherwise) {
        TreeSet<Integer> levels = new TreeSet<>();
        addDownTo(levels, ORDER.indexOf(otherwise));
        for (String given : entry.value().toLowerCase(Locale.ROOT).split("[\\s,]+")) {
            String bare = given.startsWith("+") || given.startsWith("-") ? given.substring(1) : given;
            int level = ORDER.indexOf(OTHER_WORDS.getOrDefault(bare, bare));
            if (level < 0) {
                values.error(
                        entry.line(),
                        quoted(entry.key()) + " knows err, warn, info, debug and all, not " + quoted(given));
            } else if (given.startsWith("+")) {
                levels.add(level);
            } else if (given.startsWith("-")) {
                levels.remove(level);
            } else {
                levels.clear();
                addDownTo(levels, level);
            }
        }
        if (levels.isEmpty()) {
            values.warn(entry.line(), quoted(entry.key()) + " leaves nothing: errors are logged anyway");
            return "err";
        }
        if (levels.size() <= levels.last()) {
            values.warn(
                    entry.line(),
                    quoted(entry.key()) + " leaves out a level in between: all down to " + ORDER.get(levels.last())
                            + " is logged");
        }
        return ORDER.get(levels.last());
    }

    private static void addDownTo(TreeSet<Integer> levels, int lowest) {
        for (int level = 0; level <= lowest; level++) {
            levels.add(level);
        }
    }
}
