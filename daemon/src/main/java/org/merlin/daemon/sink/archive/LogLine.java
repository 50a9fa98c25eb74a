package org.merlin.daemon.sink.archive;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.protocol.event.MonitoredObject;

/**
 * One line of a log, {@code [seconds] KIND: fields}. Fields are divided by semicolons; the last may contain them. Kinds that tell
 * nothing of a state, a downtime, flapping, a contact or the scheduler's life are passed over.
 */
public final class LogLine {
    private static final int MOST_NAME = 255;
    private static final Map<String, Integer> HOST_STATES = Map.of("UP", 0, "DOWN", 1, "UNREACHABLE", 2);
    private static final Map<String, Integer> SERVICE_STATES =
            Map.of("OK", 0, "WARNING", 1, "CRITICAL", 2, "UNKNOWN", 3);

    /** Nagios' numbers of notifications that tell of something else than a state. */
    private static final Map<String, Integer> REASONS = Map.of(
            "ACKNOWLEDGEMENT", 1,
            "FLAPPINGSTART", 2,
            "FLAPPINGSTOP", 3,
            "FLAPPINGDISABLED", 4,
            "DOWNTIMESTART", 5,
            "DOWNTIMEEND", 6,
            "DOWNTIMECANCELLED", 7,
            "CUSTOM", 8);

    private static final Pattern REASON = Pattern.compile("([A-Z]+) \\(([A-Z]+)\\)");

    /** Those after whose output an author and a comment follow. */
    private static final List<Integer> COMMENTED = List.of(1, 8);

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("HOST ALERT", new Kind(true, What.STATE)),
            Map.entry("SERVICE ALERT", new Kind(false, What.STATE)),
            Map.entry("INITIAL HOST STATE", new Kind(true, What.STATE)),
            Map.entry("INITIAL SERVICE STATE", new Kind(false, What.STATE)),
            Map.entry("CURRENT HOST STATE", new Kind(true, What.STATE)),
            Map.entry("CURRENT SERVICE STATE", new Kind(false, What.STATE)),
            Map.entry("HOST DOWNTIME ALERT", new Kind(true, What.DOWNTIME)),
            Map.entry("SERVICE DOWNTIME ALERT", new Kind(false, What.DOWNTIME)),
            Map.entry("HOST FLAPPING ALERT", new Kind(true, What.FLAPPING)),
            Map.entry("SERVICE FLAPPING ALERT", new Kind(false, What.FLAPPING)),
            Map.entry("HOST NOTIFICATION", new Kind(true, What.NOTIFICATION)),
            Map.entry("SERVICE NOTIFICATION", new Kind(false, What.NOTIFICATION)));

    private final long seconds;
    private final String text;

    private enum What {
        STATE,
        DOWNTIME,
        FLAPPING,
        NOTIFICATION
    }

    private record Kind(boolean host, What what) {
        Map<String, Integer> states() {
            return host ? HOST_STATES : SERVICE_STATES;
        }

        /** How many fields name the object. */
        int names() {
            return host ? 1 : 2;
        }
    }

    /** A line that is not as a scheduler writes it. */
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String why) {
            super(why);
        }
    }

    private LogLine(long seconds, String text) {
        this.seconds = seconds;
        this.text = text;
    }

    /**
     * Reads its time.
     *
     * @throws MalformedException if it does not begin with one
     */
    public static LogLine of(String line) throws MalformedException {
        int end = line.indexOf(']');
        if (end < 2 || end > 20 || line.charAt(0) != '[' || line.length() < end + 2 || line.charAt(end + 1) != ' ') {
            throw new MalformedException("does not begin with [seconds since 1970]");
        }
        try {
            return new LogLine(Long.parseLong(line, 1, end, 10), line.substring(end + 2));
        } catch (NumberFormatException e) {
            throw new MalformedException("does not begin with [seconds since 1970]");
        }
    }

    public long seconds() {
        return seconds;
    }

    /**
     * Tells what it says.
     *
     * @return false if that is nothing of interest
     * @throws MalformedException if fields are missing or have no such values; nothing was told then
     */
    public boolean tell(LogEntries to) throws MalformedException, HistoryException {
        int colon = text.indexOf(": ");
        Kind kind = colon < 0 ? null : KINDS.get(text.substring(0, colon));
        if (kind == null) {
            return program(to);
        }
        String fields = text.substring(colon + 2);
        switch (kind.what()) {
            case STATE -> {
                return state(kind, fields, to);
            }
            case DOWNTIME -> {
                String[] all = split(fields, kind.names() + 2);
                to.downtime(seconds, object(kind, all, 0), begins(all[kind.names()]), all[kind.names() + 1].strip());
            }
            case FLAPPING -> {
                String[] all = split(fields, kind.names() + 2);
                to.flapping(seconds, object(kind, all, 0), begins(all[kind.names()]), all[kind.names() + 1].strip());
            }
            case NOTIFICATION -> notification(kind, fields, to);
        }
        return true;
    }

    private boolean program(LogEntries to) throws HistoryException {
        if (text.contains(" starting... (PID=")) {
            to.program(seconds, true, text.substring(0, text.indexOf(" (PID=")));
            return true;
        }
        boolean ends = text.startsWith("Caught ") || text.contains(" event encountered, ");
        if (ends && (text.endsWith("shutting down...") || text.endsWith("restarting..."))) {
            to.program(seconds, false, text);
            return true;
        }
        return false;
    }

    private boolean state(Kind kind, String fields, LogEntries to) throws MalformedException, HistoryException {
        String[] all = split(fields, kind.names() + 4);
        int next = kind.names();
        MonitoredObject object = object(kind, all, 0);
        if (all[next].equals("PENDING")) {
            return false;
        }
        int state = state(kind, all[next]);
        if (!all[next + 1].equals("SOFT") && !all[next + 1].equals("HARD")) {
            throw new MalformedException("'" + all[next + 1] + "' is neither SOFT nor HARD");
        }
        if (!all[next + 2].matches("\\d{1,6}")) {
            throw new MalformedException("'" + all[next + 2] + "' is no attempt");
        }
        to.state(seconds, object, state, all[next + 1].equals("HARD"), Integer.parseInt(all[next + 2]), all[next + 3]);
        return true;
    }

    private void notification(Kind kind, String fields, LogEntries to) throws MalformedException, HistoryException {
        String[] all = split(fields, kind.names() + 4);
        int next = 1 + kind.names();
        Matcher other = REASON.matcher(all[next]);
        boolean isOther = other.matches();
        Integer reason = isOther ? REASONS.get(other.group(1)) : Integer.valueOf(0);
        if (reason == null) {
            throw new MalformedException("'" + all[next] + "' is no kind of notification");
        }
        int state = state(kind, isOther ? other.group(2) : all[next]);
        String[] texts = texts(all[next + 2], COMMENTED.contains(reason));
        to.notification(
                seconds,
                object(kind, all, 1),
                new LogEntries.Told(name(all[0]), name(all[next + 1]), reason, state, texts[0], texts[1], texts[2]));
    }

    /** Output, author, comment. */
    private static String[] texts(String rest, boolean commented) throws MalformedException {
        int comment = rest.lastIndexOf(';');
        int author = comment < 0 ? -1 : rest.lastIndexOf(';', comment - 1);
        if (!commented || author < 0) {
            return new String[] {rest, "", ""};
        }
        String who = rest.substring(author + 1, comment);
        return new String[] {rest.substring(0, author), who.isEmpty() ? "" : name(who), rest.substring(comment + 1)};
    }

    private static String[] split(String fields, int count) throws MalformedException {
        String[] all = fields.split(";", count);
        if (all.length < count) {
            throw new MalformedException("has " + all.length + " fields, not " + count);
        }
        return all;
    }

    private static MonitoredObject object(Kind kind, String[] fields, int first) throws MalformedException {
        String host = name(fields[first]);
        return kind.host() ? MonitoredObject.ofHost(host) : MonitoredObject.ofService(host, name(fields[first + 1]));
    }

    private static String name(String text) throws MalformedException {
        if (text.isEmpty() || text.length() > MOST_NAME) {
            throw new MalformedException(text.isEmpty() ? "a name is empty" : "a name is longer than " + MOST_NAME);
        }
        return text;
    }

    private static int state(Kind kind, String word) throws MalformedException {
        return Optional.ofNullable(kind.states().get(word))
                .orElseThrow(() -> new MalformedException(
                        "'" + word + "' is no state of a " + (kind.host() ? "host" : "service")));
    }

    private static boolean begins(String word) throws MalformedException {
        return switch (word) {
            case "STARTED" -> true;
            case "STOPPED", "CANCELLED", "DISABLED" -> false;
            default -> throw new MalformedException("'" + word + "' is neither STARTED nor STOPPED");
        };
    }
}
