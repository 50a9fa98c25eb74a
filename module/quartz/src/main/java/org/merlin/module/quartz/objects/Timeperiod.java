package org.merlin.module.quartz.objects;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When something may happen, to the minute. Immutable after {@link #exclude}. */
public final class Timeperiod {
    /** All day, every day. */
    public static final Timeperiod ALWAYS = new Timeperiod("24x7", List.of());

    private static final Set<String> OTHER_LINES =
            Set.of("timeperiod_name", "alias", "exclude", "name", "use", "register");
    private static final Pattern TIMES =
            Pattern.compile("(.*?\\S)\\s+(\\d{1,2}:\\d{2}\\s*-\\s*\\d{1,2}:\\d{2}(?:\\s*,.*)?)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{2})\\s*-\\s*(\\d{1,2}):(\\d{2})");
    private static final int MINUTES_OF_DAY = 24 * 60;
    private static final long MINUTE_MILLIS = 60_000;
    /** How far ahead a next time is searched. */
    private static final int DAYS_AHEAD = 370;

    /** Minutes of the day, the last one excluded. */
    private record Minutes(int from, int to) {}

    private record Line(DateSpan days, List<Minutes> times) {}

    private final String name;
    private final List<Line> lines;
    private final List<Timeperiod> excluded = new ArrayList<>();

    private Timeperiod(String name, List<Line> lines) {
        this.name = name;
        this.lines = lines;
    }

    /** Whether a line of a timeperiod block that begins with {@code word} names days. */
    static boolean isDayLine(String word) {
        return !OTHER_LINES.contains(word);
    }

    static Timeperiod read(String name, Block block, Problems problems) {
        List<Line> lines = new ArrayList<>();
        for (Block.Attribute attribute : block.attributes()) {
            if (isDayLine(attribute.name())) {
                try {
                    lines.add(line(attribute.name()));
                } catch (IllegalArgumentException e) {
                    problems.error(attribute.line(), "timeperiod '" + name + "': " + e.getMessage());
                }
            }
        }
        return new Timeperiod(name, lines);
    }

    private static Line line(String text) {
        Matcher parts = TIMES.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no days with times; right would be 'monday 09:00-17:00'");
        }
        List<Minutes> times = new ArrayList<>();
        for (String time : parts.group(2).split(",")) {
            times.add(minutes(time.strip()));
        }
        return new Line(DateSpan.parse(parts.group(1)), times);
    }

    private static Minutes minutes(String text) {
        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            Minutes minutes = new Minutes(minute(time.group(1), time.group(2)), minute(time.group(3), time.group(4)));
            if (minutes.from() <= minutes.to() && minutes.to() <= MINUTES_OF_DAY) {
                return minutes;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no time of a day; right would be 09:00-17:00, and 24:00 at the latest");
    }

    private static int minute(String hours, String minutes) {
        int minute = Integer.parseInt(minutes);
        return minute > 59 ? Integer.MAX_VALUE : Integer.parseInt(hours) * 60 + minute;
    }

    /** Takes the times of another period out of this one; only while the objects are read. */
    void exclude(Timeperiod other) {
        excluded.add(other);
    }

    List<Timeperiod> excluded() {
        return excluded;
    }

    public String name() {
        return name;
    }

    public boolean includes(long millis, ZoneId zone) {
        if (this == ALWAYS) {
            return true;
        }
        ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(zone);
        int minute = time.getHour() * 60 + time.getMinute();
        return timesOf(time.toLocalDate()).stream().anyMatch(m -> m.from() <= minute && minute < m.to())
                && excluded.stream().noneMatch(other -> other.includes(millis, zone));
    }

    /** The first included time that is not before {@code millis}; empty if there is none for a year. */
    public OptionalLong next(long millis, ZoneId zone) {
        if (includes(millis, zone)) {
            return OptionalLong.of(millis);
        }
        long end = Instant.ofEpochMilli(millis)
                .atZone(zone)
                .plusDays(DAYS_AHEAD)
                .toInstant()
                .toEpochMilli();
        for (long at = (millis / MINUTE_MILLIS + 1) * MINUTE_MILLIS; at < end; ) {
            LocalDate day = Instant.ofEpochMilli(at).atZone(zone).toLocalDate();
            if (timesOf(day).isEmpty()) {
                at = day.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
            } else if (includes(at, zone)) {
                return OptionalLong.of(at);
            } else {
                at += MINUTE_MILLIS;
            }
        }
        return OptionalLong.empty();
    }

    /** The times of a day by the lines of the first kind that speaks of it. */
    private List<Minutes> timesOf(LocalDate day) {
        List<Minutes> times = List.of();
        DateSpan.Kind best = null;
        for (Line line : lines) {
            DateSpan.Kind kind = line.days().kind();
            if ((best == null || kind.compareTo(best) <= 0) && line.days().includes(day)) {
                List<Minutes> both = new ArrayList<>(kind == best ? times : List.of());
                both.addAll(line.times());
                times = both;
                best = kind;
            }
        }
        return times;
    }

    @Override
    public String toString() {
        return name;
    }
}
