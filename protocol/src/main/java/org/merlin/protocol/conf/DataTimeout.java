package org.merlin.protocol.conf;

import java.time.Duration;
import java.util.Optional;

/** The key {@code data_timeout}: outside of sections for all nodes, in a node's section for that one. */
final class DataTimeout {
    private static final String KEY = "data_timeout";

    private DataTimeout() {}

    /** What holds where nobody says otherwise: three missed pulses, and no less than five seconds. */
    static Duration usual(Duration pulseInterval) {
        return Duration.ofMillis(Math.max(5_000, 3 * pulseInterval.toMillis()));
    }

    static Optional<Duration> read(ConfValues values, Duration pulseInterval) {
        Optional<ConfSection.Entry> entry = values.entry(KEY);
        if (entry.flatMap(given -> ConfValues.parseDuration(given.value()))
                .filter(Duration::isZero)
                .isPresent()) {
            values.warn(
                    entry.orElseThrow().line(),
                    "'data_timeout = 0' is not offered any more: the checks of a node that fell silent would never"
                            + " run elsewhere; the default counts");
            return Optional.empty();
        }
        Optional<Duration> timeout = entry.flatMap(given -> values.duration(KEY));
        if (timeout.isPresent() && timeout.get().compareTo(pulseInterval) <= 0) {
            values.refuse(
                    entry.orElseThrow(),
                    "is not more than the pulse_interval of " + ConfValues.text(pulseInterval)
                            + ": make it at least three times that");
        }
        return timeout;
    }
}
