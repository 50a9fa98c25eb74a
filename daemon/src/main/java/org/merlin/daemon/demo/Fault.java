package org.merlin.daemon.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that the demo does to a node.
 *
 * @param node name of the node
 * @param part which of its processes
 * @param at when, from the moment that the cluster has settled
 */
public record Fault(Kind kind, String node, Part part, Duration at) {
    private static final Pattern FORM =
            Pattern.compile("(?<node>[A-Za-z0-9._-]+)(:(?<part>daemon|scheduler))?@(?<time>[0-9.]+)(?<unit>ms|s|m)?");

    /** What is done. */
    public enum Kind {
        /** Ends processes at once, by SIGKILL. */
        KILL,
        /** Stops processes by SIGSTOP: they keep their sockets and answer nothing. */
        FREEZE,
        /** Starts what was killed, lets go on what was frozen. */
        RESTART
    }

    /** Which processes of the node. */
    public enum Part {
        BOTH,
        DAEMON,
        SCHEDULER;

        boolean daemon() {
            return this != SCHEDULER;
        }

        boolean scheduler() {
            return this != DAEMON;
        }
    }

    /**
     * Reads {@code NODE[:daemon|:scheduler]@TIME}.
     *
     * @throws IllegalArgumentException saying what would be right
     */
    public static Fault parse(Kind kind, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not of the form NODE@10s, NODE:daemon@10s or " + "NODE:scheduler@10s");
        }
        Part part = matcher.group("part") == null
                ? Part.BOTH
                : Part.valueOf(matcher.group("part").toUpperCase(Locale.ROOT));
        return new Fault(kind, matcher.group("node"), part, duration(matcher.group("time"), matcher.group("unit")));
    }

    /**
     * Reads what a person types while the demo runs: {@code kill NODE[:PART]}, {@code freeze ...} or {@code restart ...}.
     *
     * @param at the moment it was typed
     * @throws IllegalArgumentException saying what would be right
     */
    public static Fault typed(String line, Duration at) {
        String[] words = line.strip().split("\\s+");
        for (Kind kind : Kind.values()) {
            if (words.length == 2 && words[0].equalsIgnoreCase(kind.name())) {
                Fault fault = parse(kind, words[1] + "@0s");
                return new Fault(kind, fault.node(), fault.part(), at);
            }
        }
        throw new IllegalArgumentException("'" + line.strip()
                + "' is none of: kill NODE, freeze NODE, restart NODE, with :daemon or :scheduler after it");
    }

    /** Reads {@code 40s}, {@code 1.5m}, {@code 500ms} or plain seconds. */
    public static Duration duration(String text) {
        Matcher matcher = Pattern.compile("([0-9.]+)(ms|s|m|h)?").matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no duration: write 40s, 500ms or 2m");
        }
        return duration(matcher.group(1), matcher.group(2));
    }

    private static Duration duration(String number, String unit) {
        double millis = switch (unit == null ? "s" : unit) {
            case "ms" -> 1;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 1_000;
        };
        return Duration.ofMillis(Math.round(Double.parseDouble(number) * millis));
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + node
                + (part == Part.BOTH ? "" : ":" + part.name().toLowerCase(Locale.ROOT)) + " at "
                + at.toMillis() / 1000.0 + " s";
    }
}
