package org.merlin.protocol.conf;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads typed values out of a section, notes what is wrong with them, and at the end which keys nobody asked for. */
final class ConfValues {
    private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(ms|s|m|h|d)?");
    private static final Set<String> YES = Set.of("yes", "y", "true", "t", "on", "1");
    private static final Set<String> NO = Set.of("no", "n", "false", "f", "off", "0");

    private final String file;
    private final Path folder;
    private final ConfSection section;
    private final List<ConfProblem> problems;
    private final Map<String, ConfSection.Entry> entries = new HashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * Begins.
     *
     * @param folder what relative paths are relative to
     */
    ConfValues(String file, Path folder, ConfSection section, List<ConfProblem> problems) {
        this.file = file;
        this.folder = folder;
        this.section = section;
        this.problems = problems;
        for (ConfSection.Entry entry : section.entries()) {
            ConfSection.Entry before = entries.put(entry.key(), entry);
            if (before != null) {
                warn(
                        entry.line(),
                        "'" + entry.key() + "' is set twice, first in line " + before.line() + "; this one counts");
            }
        }
    }

    ConfSection section() {
        return section;
    }

    void error(int line, String text) {
        problems.add(new ConfProblem(file, line, true, text));
    }

    void warn(int line, String text) {
        problems.add(new ConfProblem(file, line, false, text));
    }

    /** The entry of a key, or of its other names; an entry without a value is an error. */
    Optional<ConfSection.Entry> entry(String... names) {
        Optional<ConfSection.Entry> found = Optional.empty();
        for (String name : names) {
            known.add(name);
            found = found.or(() -> Optional.ofNullable(entries.get(name)));
        }
        if (found.isPresent() && found.get().value().isEmpty()) {
            error(
                    found.get().line(),
                    "'" + found.get().key() + "' has no value: write "
                            + found.get().key() + " = ...;");
            return Optional.empty();
        }
        return found;
    }

    /** Line of a key, for a problem found later; the section's line if it is not there. */
    int line(String key) {
        return entries.containsKey(key) ? entries.get(key).line() : section.line();
    }

    Optional<String> text(String... names) {
        return entry(names).map(ConfSection.Entry::value);
    }

    boolean flag(String key, boolean otherwise) {
        Optional<ConfSection.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return otherwise;
        }
        String value = entry.get().value().toLowerCase(Locale.ROOT);
        if (!YES.contains(value) && !NO.contains(value)) {
            error(entry.get().line(), "'" + key + " = " + entry.get().value() + "' is neither yes nor no");
        }
        return YES.contains(value);
    }

    int number(String key, int least, int most, int otherwise) {
        Optional<ConfSection.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(entry.get().value());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        error(
                entry.get().line(),
                "'" + key + " = " + entry.get().value() + "' is no number from " + least + " to " + most);
        return otherwise;
    }

    Duration duration(String key, Duration otherwise) {
        return duration(key).orElse(otherwise);
    }

    /** A duration above 0: seconds, or with a unit. */
    Optional<Duration> duration(String key) {
        Optional<ConfSection.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = DURATION.matcher(entry.get().value());
        if (matcher.matches() && matcher.group(1).length() <= 12) {
            double factor = switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
                case "ms" -> 1;
                case "m" -> 60_000;
                case "h" -> 3_600_000;
                case "d" -> 86_400_000;
                default -> 1_000;
            };
            long millis = Math.round(Double.parseDouble(matcher.group(1)) * factor);
            if (millis > 0) {
                return Optional.of(Duration.ofMillis(millis));
            }
        }
        error(
                entry.get().line(),
                "'" + key + " = " + entry.get().value()
                        + "' is no time above 0: write seconds, or 500ms, 5s, 2m, 1h, 1d");
        return Optional.empty();
    }

    Path path(String key, Path otherwise) {
        return path(key).orElse(otherwise);
    }

    Optional<Path> path(String key) {
        Optional<ConfSection.Entry> entry = entry(key);
        try {
            return entry.map(found -> folder.resolve(found.value()).normalize());
        } catch (InvalidPathException e) {
            error(entry.orElseThrow().line(), "'" + key + "' is no path: " + e.getReason());
            return Optional.empty();
        }
    }

    List<String> names(String... keys) {
        List<String> names = new ArrayList<>();
        for (String name : text(keys).orElse("").split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    /** Keys that load and do nothing, each with what replaces it. */
    void replaced(Map<String, String> explanations) {
        explanations.forEach((key, explanation) -> {
            known.add(key);
            if (entries.containsKey(key)) {
                warn(entries.get(key).line(), "'" + key + "' " + explanation);
            }
        });
    }

    /** Everything that nobody asked for, most often a misspelt key, is an error. */
    void refuseUnread() {
        for (ConfSection.Entry entry : section.entries()) {
            if (!known.contains(entry.key())) {
                String where = section.name().isEmpty() ? "" : " in section '" + section.name() + "'";
                error(entry.line(), "unknown key '" + entry.key() + "'" + where + didYouMean(entry.key(), known));
            }
        }
    }

    /** Sections whose names nobody asked for. */
    void refuseSections(Collection<String> allowed) {
        for (ConfSection child : section.sections()) {
            if (!allowed.contains(child.name())) {
                String where = section.name().isEmpty() ? "" : " in section '" + section.name() + "'";
                error(
                        child.line(),
                        "unknown section '" + child.name() + "'" + where + didYouMean(child.name(), allowed));
            }
        }
    }

    static String didYouMean(String word, Collection<String> candidates) {
        String best = "";
        int least = Math.max(2, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty()
                ? "; it is not one that Merlin knows, see merlin.conf.example"
                : ", did you mean '" + best + "'?";
    }

    /** Edits (insertions, deletions, replacements) between two words. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 8) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(row[j - 1], above) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
