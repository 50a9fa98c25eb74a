package org.merlin.module.quartz.objects;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The days that a line of a time period speaks of: {@code monday}, {@code monday 2}, {@code monday -1 may}, {@code day 5 - 9},
 * {@code december 24 - 26}, {@code 2026-01-01 - 2026-01-06 / 2}.
 */
final class DateSpan {
    /** Which line counts where several speak of a day; the first kind wins. */
    enum Kind {
        DATE,
        MONTH_DAY,
        DAY_OF_MONTH,
        WEEKDAY_OF_MONTH,
        NTH_WEEKDAY,
        WEEKDAY
    }

    private static final Pattern ISO = Pattern.compile("\\d{4}-\\d{1,2}-\\d{1,2}");
    private static final Pattern RANGE = Pattern.compile("(.*\\S)\\s+-\\s+(\\S.*)");
    private static final Pattern STEP = Pattern.compile("(.*\\S)\\s*/\\s*(\\d+)");

    /** One end of a span; the month, or the year, is that of the day in question where it does not say so itself. */
    private record End(Kind kind, LocalDate date, Month month, DayOfWeek weekday, int number) {
        /** The day meant, as seen from a month; empty if there is none (a fifth Monday, 30 February). */
        Optional<LocalDate> in(YearMonth context) {
            try {
                return switch (kind) {
                    case DATE -> Optional.of(date);
                    case MONTH_DAY -> day(context.withMonth(month.getValue()));
                    case DAY_OF_MONTH -> day(context);
                    case WEEKDAY_OF_MONTH -> nth(context.withMonth(month.getValue()));
                    case NTH_WEEKDAY -> nth(context);
                    case WEEKDAY -> Optional.empty();
                };
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private Optional<LocalDate> day(YearMonth of) {
            return Optional.of(of.atDay(number > 0 ? number : of.lengthOfMonth() + 1 + number));
        }

        private Optional<LocalDate> nth(YearMonth of) {
            LocalDate found = of.atDay(1).with(TemporalAdjusters.dayOfWeekInMonth(number, weekday));
            return YearMonth.from(found).equals(of) ? Optional.of(found) : Optional.empty();
        }

        boolean yearly() {
            return month != null;
        }
    }

    private final End from;
    private final Optional<End> to;
    private final int step;

    private DateSpan(End from, Optional<End> to, int step) {
        this.from = from;
        this.to = to;
        this.step = step;
    }

    /**
     * Reads the part of a line before its times.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static DateSpan parse(String text) {
        String rest = text.strip().toLowerCase(Locale.ROOT);
        int step = 1;
        Matcher stepped = STEP.matcher(rest);
        if (stepped.matches()) {
            rest = stepped.group(1);
            step = Integer.parseInt(stepped.group(2));
            if (step == 0) {
                throw new IllegalArgumentException("a step of 0 in '" + text + "'; 1 or more would be right");
            }
        }
        Matcher range = RANGE.matcher(rest);
        if (!range.matches()) {
            End only = end(rest);
            boolean open = step > 1 && only.kind() == Kind.DATE;
            if (step > 1 && !open) {
                throw new IllegalArgumentException("'" + text + "' has a step but no range");
            }
            return new DateSpan(only, open ? Optional.empty() : Optional.of(only), step);
        }
        End first = end(range.group(1));
        String second = range.group(2);
        End last = second.matches("-?\\d+")
                ? new End(first.kind(), null, first.month(), first.weekday(), Integer.parseInt(second))
                : end(second);
        if (last.kind() != first.kind() || first.kind() == Kind.WEEKDAY) {
            throw new IllegalArgumentException("'" + text + "' is no range of days of one kind");
        }
        return new DateSpan(first, Optional.of(last), step);
    }

    private static End end(String text) {
        List<String> words = Arrays.asList(text.strip().split("\\s+"));
        String first = words.get(0);
        if (words.size() == 1 && ISO.matcher(first).matches()) {
            return new End(Kind.DATE, date(first), null, null, 0);
        }
        Optional<DayOfWeek> weekday = oneOf(DayOfWeek.values(), first);
        Optional<Month> month = oneOf(Month.values(), first);
        if (weekday.isPresent() && words.size() == 1) {
            return new End(Kind.WEEKDAY, null, null, weekday.get(), 0);
        }
        if (weekday.isPresent() && words.size() == 2) {
            return new End(Kind.NTH_WEEKDAY, null, null, weekday.get(), number(words.get(1)));
        }
        if (weekday.isPresent() && words.size() == 3) {
            Month of = oneOf(Month.values(), words.get(2))
                    .orElseThrow(() -> new IllegalArgumentException("'" + words.get(2) + "' is no month"));
            return new End(Kind.WEEKDAY_OF_MONTH, null, of, weekday.get(), number(words.get(1)));
        }
        if (month.isPresent() && words.size() == 2) {
            return new End(Kind.MONTH_DAY, null, month.get(), null, number(words.get(1)));
        }
        if (first.equals("day") && words.size() == 2) {
            return new End(Kind.DAY_OF_MONTH, null, null, null, number(words.get(1)));
        }
        throw new IllegalArgumentException(
                "'" + text
                        + "' names no day; right would be 'monday', 'monday 2', 'monday 2 may', 'day 5', 'may 5' or '2026-05-31'");
    }

    private static LocalDate date(String text) {
        String[] parts = text.split("-");
        try {
            return LocalDate.of(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no date", e);
        }
    }

    private static int number(String text) {
        if (!text.matches("-?\\d{1,2}") || Integer.parseInt(text) == 0) {
            throw new IllegalArgumentException("'" + text + "' is no day's number; 1, 2, ... or -1 for the last");
        }
        return Integer.parseInt(text);
    }

    private static <E extends Enum<E>> Optional<E> oneOf(E[] values, String word) {
        return Arrays.stream(values)
                .filter(value -> value.name().equalsIgnoreCase(word))
                .findFirst();
    }

    Kind kind() {
        return from.kind();
    }

    boolean includes(LocalDate day) {
        if (from.kind() == Kind.WEEKDAY) {
            return day.getDayOfWeek() == from.weekday();
        }
        YearMonth own = YearMonth.from(day);
        // a span that began in the year, or month, before may reach into this one
        return includes(day, own) || includes(day, from.yearly() ? own.minusYears(1) : own.minusMonths(1));
    }

    private boolean includes(LocalDate day, YearMonth context) {
        Optional<LocalDate> first = from.in(context);
        if (first.isEmpty() || day.isBefore(first.get())) {
            return false;
        }
        if (to.isPresent()) {
            Optional<LocalDate> last = to.get().in(context);
            if (last.isPresent() && last.get().isBefore(first.get())) {
                last = to.get().in(from.yearly() ? context.plusYears(1) : context.plusMonths(1));
            }
            if (last.isEmpty() || day.isAfter(last.get())) {
                return false;
            }
        }
        return ChronoUnit.DAYS.between(first.get(), day) % step == 0;
    }
}
