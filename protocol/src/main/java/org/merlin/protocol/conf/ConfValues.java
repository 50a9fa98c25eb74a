package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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

/**
 * Reads typed values out of a section, and notes what is wrong with them. Whoever reads a section asks for all its keys
 * and at the end for {@link #refuseUnread}. Confined to one thread.
 */
final class ConfValues {
    /** Longest time that any key takes: it still fits into an {@code int} of milliseconds. */
    static final Duration LONGEST = Duration.ofDays(24);

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,10}(?:\\.[0-9]{1,9})?)\\s*(ms|s|m|h|d|w)?");
    private static final Map<String, Double> UNIT_MILLIS = Map.of(
            "ms", 1.0,
            "s", 1_000.0,
            "m", 60_000.0,
            "h", 3_600_000.0,
            "d", 86_400_000.0,
            "w", 604_800_000.0);
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})\\s*([KMGTkmgt])?(?:i?[Bb])?");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");
    private static final Pattern IPV4_ATTEMPT = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");
    private static final Pattern IPV6 =
            Pattern.compile("(?=(?:[^:%]*:){2})[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]{1,32})?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern ADDRESS_AND_PORT = Pattern.compile("[^:]+:[0-9]+|\\[.*]:[0-9]+");
    private static final Set<String> YES = Set.of("yes", "y", "true", "t", "on", "1");
    private static final Set<String> NO = Set.of("no", "n", "false", "f", "off", "0");

    private final Path folder;
    private final ConfSection section;
    private final ConfProblems problems;
    private final Map<String, ConfSection.Entry> entries = new HashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * Begins.
     *
     * @param folder what relative paths are relative to
     */
    ConfValues(Path folder, ConfSection section, ConfProblems problems) {
        this.folder = folder;
        this.section = section;
        this.problems = problems;
        for (ConfSection.Entry entry : section.entries()) {
            Optional.ofNullable(entries.put(entry.key(), entry))
                    .ifPresent(before -> warn(
                            entry.line(),
                            quoted(entry.key()) + " is set twice, first in line " + before.line()
                                    + "; this one counts"));
        }
    }

    ConfSection section() {
        return section;
    }

    void error(int line, String text) {
        problems.error(line, text);
    }

    void warn(int line, String text) {
        problems.warn(line, text);
    }

    /** Whether a key stands here. */
    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Line of a key, for a problem found later; the section's line if it is not there. */
    int line(String key) {
        return has(key) ? entries.get(key).line() : section.line();
    }

    /** All keys that were asked for. */
    Set<String> known() {
        return known;
    }

    /** The entry of a key, or of its other names; an entry without a value is an error. */
    Optional<ConfSection.Entry> entry(String... names) {
        known.addAll(Arrays.asList(names));
        Optional<ConfSection.Entry> found = Optional.empty();
        for (String name : names) {
            ConfSection.Entry here = entries.get(name);
            if (here == null) {
                continue;
            }
            if (found.isPresent()) {
                ConfSection.Entry later = later(found.get(), here);
                warn(
                        later.line(),
                        quoted(found.get().key()) + " and " + quoted(here.key())
                                + " are the same key; the later one counts");
                found = Optional.of(later);
            } else {
                found = Optional.of(here);
            }
        }
        if (found.isPresent() && found.get().value().isEmpty()) {
            String key = found.get().key();
            error(found.get().line(), quoted(key) + " has no value: write " + key + " = ...;");
            return Optional.empty();
        }
        return found;
    }

    private ConfSection.Entry later(ConfSection.Entry a, ConfSection.Entry b) {
        return section.entries().indexOf(a) > section.entries().indexOf(b) ? a : b;
    }

    /** Errors about a value: {@code 'key = value' <what>}. */
    void refuse(ConfSection.Entry entry, String what) {
        error(entry.line(), quoted(entry.key() + " = " + entry.value()) + " " + what);
    }

    Optional<String> text(String... names) {
        return entry(names).map(ConfSection.Entry::value);
    }

    boolean flag(String key, boolean otherwise) {
        return flag(key).orElse(otherwise);
    }

    /** A yes or no in any of its forms. */
    Optional<Boolean> flag(String key) {
        Optional<ConfSection.Entry> entry = entry(key);
        String value = entry.map(ConfSection.Entry::value).orElse("").toLowerCase(Locale.ROOT);
        if (entry.isPresent() && !YES.contains(value) && !NO.contains(value)) {
            refuse(entry.get(), "is neither yes nor no");
            return Optional.empty();
        }
        return entry.map(given -> YES.contains(value));
    }

    int number(String key, int least, int most, int otherwise) {
        Optional<ConfSection.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return otherwise;
        }
        if (COUNT.matcher(entry.get().value()).matches()) {
            long number = Long.parseLong(entry.get().value());
            if (number >= least && number <= most) {
                return (int) number;
            }
        }
        refuse(entry.get(), "is no number from " + least + " to " + most);
        return otherwise;
    }

    /** A size in bytes: a number, or with a unit K, M, G or T of 1,024 each. */
    Optional<Long> size(String key, long least) {
        Optional<ConfSection.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = SIZE.matcher(entry.get().value());
        if (!matcher.matches()) {
            refuse(entry.get(), "is no size: write bytes, or a unit as in 512M, 2G");
            return Optional.empty();
        }
        int unit = "KMGT"
                        .indexOf(Optional.ofNullable(matcher.group(2))
                                .orElse(" ")
                                .toUpperCase(Locale.ROOT)
                                .charAt(0))
                + 1;
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> 10 * unit) {
            refuse(entry.get(), "is larger than any disk");
        } else if (number << 10 * unit < least) {
            refuse(entry.get(), "is too small, the least is " + (least >> 20) + "M");
        } else {
            return Optional.of(number << 10 * unit);
        }
        return Optional.empty();
    }

    /** A count of MB below a million, as the C original takes it; {@link #retire} tells of what is none. */
    Optional<Long> megabytes(String key) {
        return entry(key)
                .map(ConfSection.Entry::value)
                .filter(value -> COUNT.matcher(value).matches() && value.length() <= 6)
                .map(Long::valueOf);
    }

    /** Checks a time that nobody uses; it may be 0. */
    void checkDuration(String key) {
        entry(key).filter(entry -> parseDuration(entry.value()).isEmpty()).ifPresent(this::refuseAsTime);
    }

    private void refuseAsTime(ConfSection.Entry entry) {
        refuse(entry, "is no time: write seconds, or a unit as in 500ms, 5s, 2m, 1h, 1d");
    }

    /** Checks a count from 0 that nobody uses. */
    void checkCount(String key) {
        entry(key)
                .filter(entry -> !COUNT.matcher(entry.value()).matches())
                .ifPresent(entry -> refuse(entry, "is no number from 0"));
    }

    Duration duration(String key, Duration otherwise) {
        return duration(key).orElse(otherwise);
    }

    /** A duration above 0 and up to {@link #LONGEST}: seconds, or with a unit. */
    Optional<Duration> duration(String key) {
        return duration(key, Duration.ofMillis(1), LONGEST);
    }

    Optional<Duration> duration(String key, Duration least, Duration most) {
        Optional<ConfSection.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration = parseDuration(entry.get().value());
        if (duration.isEmpty()) {
            refuseAsTime(entry.get());
        } else if (duration.get().compareTo(least) < 0) {
            refuse(entry.get(), "is too short, the least is " + text(least));
        } else if (duration.get().compareTo(most) > 0) {
            refuse(entry.get(), "is too long, the most is " + text(most));
        } else {
            return duration;
        }
        return Optional.empty();
    }

    static Optional<Duration> parseDuration(String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double unit = UNIT_MILLIS.get(Optional.ofNullable(matcher.group(2)).orElse("s"));
        return Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * unit)));
    }

    /** A duration as a value of merlin.conf may say it: {@code 500ms}, {@code 5s}. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis > 0 && millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis > 0 && millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    Path path(String key, Path otherwise) {
        return path(key).orElse(otherwise);
    }

    Optional<Path> path(String key) {
        Optional<ConfSection.Entry> entry = entry(key);
        try {
            return entry.map(found -> folder.resolve(found.value()).normalize());
        } catch (InvalidPathException e) {
            refuse(entry.orElseThrow(), "is no path: " + e.getReason());
            return Optional.empty();
        }
    }

    /** An IP literal or a host name, as far as one can tell without asking the network. */
    Optional<String> address(String... names) {
        Optional<ConfSection.Entry> entry = entry(names);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        String value = entry.get().value();
        String address = unbracketed(value);
        if (isAddress(address)) {
            return Optional.of(address);
        }
        refuse(
                entry.get(),
                ADDRESS_AND_PORT.matcher(value).matches()
                        ? "is no address: the port has a key of its own"
                        : "is neither a host name nor an IP address");
        return Optional.empty();
    }

    private static boolean isAddress(String text) {
        if (IPV4_ATTEMPT.matcher(text).matches()) {
            return isIpv4(text);
        }
        return IPV6.matcher(text).matches() || HOST.matcher(text).matches();
    }

    private static boolean isIpv4(String text) {
        Matcher parts = IPV4.matcher(text);
        return parts.matches()
                && List.of(1, 2, 3, 4).stream().allMatch(part -> Integer.parseInt(parts.group(part)) <= 255);
    }

    /** An IPv4 or IPv6 literal, without the brackets that it may be in; empty if it is neither. */
    static Optional<String> literal(String value) {
        String text = unbracketed(value);
        return isIpv4(text) || isIpv6(text) ? Optional.of(text) : Optional.empty();
    }

    private static boolean isIpv6(String text) {
        try {
            return IPV6.matcher(text).matches()
                    && InetAddress.getByName(text.replaceAll("%.*", "")) != null; // with a colon it is never looked up
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String unbracketed(String value) {
        return value.startsWith("[") && value.endsWith("]") ? value.substring(1, value.length() - 1) : value;
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

    /** Warns of keys of the C original that load and do nothing. */
    void retire(List<RetiredKey> keys) {
        for (RetiredKey key : keys) {
            known.add(key.name());
            if (has(key.name())) {
                key.kind().check(this, key.name());
                warn(line(key.name()), quoted(key.name()) + " " + key.instead());
            }
        }
    }

    /**
     * Everything that nobody asked for, most often a misspelt key, is an error.
     *
     * @param vocabulary the keys of all kinds of sections, to say where a misplaced one belongs
     */
    void refuseUnread(Map<String, Set<String>> vocabulary) {
        for (ConfSection.Entry entry : section.entries()) {
            if (!known.contains(entry.key())) {
                error(entry.line(), "unknown key " + quoted(entry.key()) + where() + hint(entry.key(), vocabulary));
            }
        }
    }

    private String hint(String key, Map<String, Set<String>> vocabulary) {
        if (vocabulary.containsKey(key)) {
            return ", did you mean the section? Its { stands in the same line, after at most one name";
        }
        List<String> homes = vocabulary.entrySet().stream()
                .filter(kind -> kind.getValue().contains(key))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (homes.isEmpty()) {
            return didYouMean(key, known);
        }
        return homes.contains("")
                ? ", did you mean it outside of sections?"
                : ", did you mean it in section " + String.join(" or ", homes) + "?";
    }

    /** Sections whose names nobody asked for. */
    void refuseSections(Collection<String> allowed) {
        for (ConfSection child : section.sections()) {
            if (!allowed.contains(child.name())) {
                error(
                        child.line(),
                        "unknown section " + quoted(child.name()) + where() + didYouMean(child.name(), allowed));
            }
        }
    }

    private String where() {
        return section.name().isEmpty() ? "" : " in section " + section.described();
    }

    private static String didYouMean(String word, Collection<String> candidates) {
        return DidYouMean.of(word, candidates)
                .map(candidate -> ", did you mean " + quoted(candidate) + "?")
                .orElse("; see merlin.conf.example for what there is");
    }
}
