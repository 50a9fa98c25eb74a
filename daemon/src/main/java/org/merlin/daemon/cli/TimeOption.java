package org.merlin.daemon.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import org.merlin.protocol.time.WallClock;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A point in time as an option takes it: {@code 2026-01-31}, {@code 2026-01-31T10:00}, both UTC, seconds since 1970, or {@code 7d} ago. */
final class TimeOption {
    static final String FORMS = "2026-01-31, 2026-01-31T10:00 (UTC), seconds since 1970, or 7d ago.";

    private TimeOption() {}

    /**
     * Reads it.
     *
     * @param text null where the option was not given
     * @return seconds since 1970
     */
    static OptionalLong seconds(CommandSpec spec, String option, String text) {
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            if (text.matches("\\d{1,12}")) {
                return OptionalLong.of(Long.parseLong(text));
            }
            if (text.matches("\\d{1,9}[smhdwy]")) {
                return OptionalLong.of(WallClock.micros() / 1_000_000 - Age.seconds(spec, option, text));
            }
            String date = text.replace(' ', 'T');
            Instant time = date.endsWith("Z")
                    ? Instant.parse(date)
                    : date.contains("T")
                            ? LocalDateTime.parse(date).toInstant(ZoneOffset.UTC)
                            : LocalDate.parse(date).atStartOfDay().toInstant(ZoneOffset.UTC);
            return OptionalLong.of(time.getEpochSecond());
        } catch (DateTimeParseException e) {
            throw new ParameterException(spec.commandLine(), option + "=" + text + ": write " + FORMS);
        }
    }
}
