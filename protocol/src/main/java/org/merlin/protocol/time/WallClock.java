package org.merlin.protocol.time;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time of day, for what people and other hosts read. Decisions use {@link NanoClock}. */
public final class WallClock {
    private WallClock() {}

    /** Microseconds since 1970. */
    public static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
