package org.merlin.module.quartz.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merlin.protocol.conf.ConfException;

class TimeperiodTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static long at(String local) {
        return LocalDateTime.parse(local).atZone(BERLIN).toInstant().toEpochMilli();
    }

    private static Timeperiod period(String lines) {
        return period(lines, 0);
    }

    private static Timeperiod period(String lines, int otherQuarter) {
        return Inventories.of("""
                define timeperiod {
                  timeperiod_name lunch
                  monday 12:00-13:00
                  friday 12:00-13:00
                }
                define timeperiod {
                  timeperiod_name other
                  sunday %s
                }
                define timeperiod {
                  timeperiod_name p
                %s
                }
                define host {
                  host_name a
                  check_period p
                }
                """.formatted(
                                span(otherQuarter, 2), lines.replace('/', '\n').replace('%', '/')))
                .get(0)
                .plan()
                .period();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            monday 09:00-17:00,                             2026-11-23T09:00, true
            monday 09:00-17:00,                             2026-11-23T17:00, false
            monday 09:00-17:00,                             2026-11-24T12:00, false
            'monday 00:00-09:00,17:00-24:00',               2026-11-23T23:59, true
            'monday 00:00-09:00,17:00-24:00',               2026-11-23T12:00, false
            monday 00:00-24:00/exclude lunch,               2026-11-23T12:30, false
            monday 00:00-24:00/exclude lunch,               2026-11-23T13:00, true
            monday 00:00-24:00/2026-11-23 00:00-01:00,      2026-11-23T12:00, false
            2026-11-20 - 2026-11-24 00:00-24:00,            2026-11-23T12:00, true
            2026-11-20 - 2026-11-24 % 2 00:00-24:00,        2026-11-23T12:00, false
            2026-11-20 % 3 00:00-24:00,                     2026-11-26T12:00, true
            december 24 - 26 00:00-24:00,                   2026-12-25T12:00, true
            december 30 - january 2 00:00-24:00,            2027-01-01T12:00, true
            december 30 - january 2 00:00-24:00,            2027-01-03T12:00, false
            day 23 00:00-24:00,                             2026-11-23T12:00, true
            day -1 00:00-24:00,                             2026-11-30T12:00, true
            day 30 - 2 00:00-24:00,                         2026-12-01T12:00, true
            monday 4 00:00-24:00,                           2026-11-23T12:00, true
            monday -2 00:00-24:00,                          2026-11-23T12:00, true
            monday 4 november 00:00-24:00,                  2026-11-23T12:00, true
            monday 4 december 00:00-24:00,                  2026-11-23T12:00, false
            monday 3 - friday 3 00:00-24:00,                2026-11-18T12:00, true
            """)
    void knowsWhichTimesItHolds(String lines, String time, boolean included) {
        assertThat(period(lines).includes(at(time), BERLIN)).isEqualTo(included);
    }

    @Test
    void findsTheNextTime() {
        Timeperiod period = period("monday 09:00-17:00/exclude lunch");
        assertThat(period.next(at("2026-11-23T10:00:30"), BERLIN)).hasValue(at("2026-11-23T10:00:30"));
        assertThat(period.next(at("2026-11-23T12:10:30"), BERLIN)).hasValue(at("2026-11-23T13:00"));
        assertThat(period.next(at("2026-11-23T17:00"), BERLIN)).hasValue(at("2026-11-30T09:00"));
    }

    @Test
    void goesOnOverTheChangeOfSummerTime() {
        assertThat(period("sunday 03:00-04:00").next(at("2026-03-29T01:30"), BERLIN))
                .hasValue(at("2026-03-29T03:00"));
    }

    /** Around both changes of the clock, minute by minute. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void findsTheNextTimeThatIsIncluded(
            @ForAll boolean spring,
            @ForAll @IntRange(max = 2 * 24 * 60) int startMinute,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(max = 23 * 4) Integer> openings,
            @ForAll @IntRange(min = 1, max = 12) int quarters,
            @ForAll @IntRange(max = 23 * 4) int excluded) {
        String lines =
                openings.stream().map(from -> "sunday " + span(from, quarters)).collect(Collectors.joining("/"));
        Timeperiod period = period(lines + "/monday " + span(openings.get(0), quarters) + "/exclude other", excluded);
        long start = at(spring ? "2026-03-28T00:00" : "2026-10-24T00:00") + startMinute * 60_000L;
        long expected = start;
        while (!period.includes(expected, BERLIN) && expected < start + 4 * 86_400_000L) {
            expected += 60_000;
        }
        long found = period.next(start, BERLIN).orElseThrow();
        if (period.includes(expected, BERLIN)) {
            assertThat(found).isEqualTo(expected);
            assertThat(period.next(start + 1, BERLIN))
                    .as("the same again, but for the time that has passed")
                    .hasValue(Math.max(expected, start + 1));
        } else {
            assertThat(found).isGreaterThanOrEqualTo(expected);
        }
    }

    private static String span(int fromQuarter, int quarters) {
        int to = Math.min(fromQuarter + quarters, 24 * 4);
        return "%02d:%02d-%02d:%02d".formatted(fromQuarter / 4, fromQuarter % 4 * 15, to / 4, to % 4 * 15);
    }

    @Test
    void doesNotSearchAgainForEachOfManyChecks() {
        Timeperiod never = period("2020-01-01 00:00-24:00");
        Timeperiod seldom = period("monday 09:00-09:01/exclude lunch");
        long begun = System.nanoTime();
        for (int check = 0; check < 100_000; check++) {
            assertThat(never.next(at("2026-11-23T10:00") + check, BERLIN).isEmpty())
                    .isTrue();
            assertThat(seldom.next(at("2026-11-23T10:00") + check, BERLIN).getAsLong())
                    .isEqualTo(at("2026-11-30T09:00"));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void givesUpWhereThereIsNoNextTime() {
        assertThat(period("2020-01-01 00:00-24:00").next(at("2026-11-23T10:00"), BERLIN))
                .isEmpty();
    }

    @Test
    void tellsWhatIsWrong() {
        ConfException refused = catchThrowableOfType(ConfException.class, () -> Inventories.read("""
                define timeperiod {
                  timeperiod_name p
                  mondy 09:00-17:00
                  monday 9-17
                  friday 10:00-09:00
                  exclude q,p
                }
                """));
        assertThat(refused.getMessage().lines())
                .containsExactly(
                        "objects.cfg:3: timeperiod 'p': 'mondy' names no day; right would be 'monday', 'monday 2', 'monday 2 may',"
                                + " 'day 5', 'may 5' or '2026-05-31'",
                        "objects.cfg:4: timeperiod 'p': 'monday 9-17' is no days with times; right would be 'monday 09:00-17:00'",
                        "objects.cfg:5: timeperiod 'p': '10:00-09:00' is no time of a day; right would be 09:00-17:00, and 24:00 at"
                                + " the latest",
                        "objects.cfg:6: unknown timeperiod 'q'; did you mean 'p'?",
                        "objects.cfg:6: timeperiod 'p' excludes itself through 'p'");
    }
}
