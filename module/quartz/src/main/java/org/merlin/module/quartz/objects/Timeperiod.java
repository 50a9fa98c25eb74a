package org.merlin.module.quartz.objects;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When something may happen, to the minute. Immutable after {@link #exclude}, but for what it remembers of its last search; any thread. */
public final class Timeperiod {
    /** All day, every day. */
    public static final Timeperiod ALWAYS = new Timeperiod("24x7", List.of(), List.of("always"));

    private static final Set<String> OTHER_LINES =
            Set.of("timeperiod_name", "alias", "exclude", "name", "use", "register");
    private static final Pattern TIMES =
            Pattern.compile("(.*?\\S)\\s+(\\d{1,2}:\\d{2}\\s*-\\s*\\d{1,2}:\\d{2}(?:\\s*,.*)?)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{2})\\s*-\\s*(\\d{1,2}):(\\d{2})");
    private static final int MINUTES_OF_DAY = 24 * 60;
    /** For how long a search that found nothing counts. */
    private static final long UNSURE_MILLIS = TimeUnit.DAYS.toMillis(1);

    /** How far ahead a next time is searched. */
    private static final int DAYS_AHEAD = 370;

    /** Minutes of the day, the last one excluded. */
    private record Minutes(int from, int to) {}

    /** What a search found: thousands of checks may wait for the same opening. Counts from {@code from} to {@code until}. */
    private record Opening(ZoneId zone, long from, long until, OptionalLong at) {
        boolean answers(long millis, ZoneId inZone) {
            return from <= millis && millis < until && zone.equals(inZone);
        }
    }

    private record Line(DateSpan days, List<Minutes> times) {}

    private final String name;
    private final List<Line> lines;
    /** The lines as they stand in the file. */
    private final List<String> texts;

    private final List<Timeperiod> excluded = new ArrayList<>();
    private volatile Opening opening = new Opening(ZoneOffset.UTC, 0, 0, OptionalLong.empty());

    private Timeperiod(String name, List<Line> lines, List<String> texts) {
        this.name = name;
        this.lines = lines;
        this.texts = texts;
    }

    /** Whether another reading of the objects says the same of it. */
    public boolean isSame(Timeperiod other) {
        if (this == other) {
            return true;
        }
        boolean same = texts.equals(other.texts) && excluded.size() == other.excluded.size();
        for (int i = 0; same && i < excluded.size(); i++) {
            same = excluded.get(i).isSame(other.excluded.get(i));
        }
        return same;
    }

    /** Whether a line of a timeperiod block that begins with {@code word} names days. */
    static boolean isDayLine(String word) {
        return !OTHER_LINES.contains(word);
    }

    static Timeperiod read(String name, Block block, Problems problems) {
        List<Line> lines = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Block.Attribute attribute : block.attributes()) {
            if (isDayLine(attribute.name())) {
                try {
                    lines.add(line(attribute.name()));
                    texts.add(attribute.name());
                } catch (IllegalArgumentException e) {
                    problems.error(attribute.line(), "timeperiod '" + name + "': " + e.getMessage());
                }
            }
        }
        return new Timeperiod(name, lines, texts);
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

    /** Whether a time lies in it; milliseconds since 1970. */
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
        Opening known = opening;
        if (!known.answers(millis, zone)) {
            known = search(millis, zone);
            opening = known;
        }
        return known.at();
    }

    private Opening search(long millis, ZoneId zone) {
        long end = Instant.ofEpochMilli(millis)
                .atZone(zone)
                .plusDays(DAYS_AHEAD)
                .toInstant()
                .toEpochMilli();
        for (long at = nextEdge(millis, zone); at < end; at = nextEdge(at, zone)) {
            if (includes(at, zone)) {
                return new Opening(zone, millis, at, OptionalLong.of(at));
            }
        }
        return new Opening(zone, millis, millis + UNSURE_MILLIS, OptionalLong.empty());
    }

    /** The first time after {@code millis} at which this may begin or end. */
    private long nextEdge(long millis, ZoneId zone) {
        LocalDate day = Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
        long edge = day.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
        for (Minutes times : timesOf(day)) {
            edge = earlier(edge, millis, day, times.from(), zone);
            edge = earlier(edge, millis, day, times.to(), zone);
        }
        for (Timeperiod other : excluded) {
            edge = Math.min(edge, other.nextEdge(millis, zone));
        }
        return edge;
    }

    /** {@code edge}, or the time of a minute of the day where that is earlier and after {@code millis}. */
    private static long earlier(long edge, long millis, LocalDate day, int minute, ZoneId zone) {
        if (minute == MINUTES_OF_DAY) {
            return edge;
        }
        long earliest = edge;
        LocalDateTime local = day.atTime(minute / 60, minute % 60);
        // a clock that is put back shows a time twice, one that is put forward skips some
        for (ZoneOffset offset : zone.getRules().getValidOffsets(local)) {
            long at = local.toInstant(offset).toEpochMilli();
            earliest = at > millis ? Math.min(earliest, at) : earliest;
        }
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        if (change != null && change.toEpochSecond() * 1000 > millis) {
            earliest = Math.min(earliest, change.toEpochSecond() * 1000);
        }
        return earliest;
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
