package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.control.Pulse;

class RoundTripTest {
    private static Pulse pulse(long sentMicros, long echoMicros, long heldMicros) {
        return new Pulse("yoda", 1, 1, sentMicros, echoMicros, heldMicros, 1000, true, List.of(), List.of(), Map.of());
    }

    @Test
    void tellsLatencyAndClockOffsetFromFourTimes() {
        RoundTrip roundTrip = new RoundTrip();
        // we sent at 1000; it arrived there 200 later, at 11200 of its clock, which is 10000 ahead; it was held for 500
        roundTrip.onPulse(pulse(11_700, 1_000, 500), 1_900);
        assertThat(roundTrip.known()).isTrue();
        assertThat(roundTrip.latencyMicros()).isEqualTo(200);
        assertThat(roundTrip.offsetMicros()).isEqualTo(10_000);
    }

    @Test
    void knowsNothingBeforeTheFirstEcho() {
        RoundTrip roundTrip = new RoundTrip();
        roundTrip.onPulse(pulse(5, 0, 0), 7);
        assertThat(roundTrip.known()).isFalse();
    }

    @Test
    void believesTheFastestOfTheLastEight() {
        RoundTrip roundTrip = new RoundTrip();
        roundTrip.onPulse(pulse(1_000, 1_000, 0), 1_000 + 90_000);
        assertThat(roundTrip.latencyMicros()).isEqualTo(45_000);
        roundTrip.onPulse(pulse(100_100, 100_000, 0), 100_200);
        assertThat(roundTrip.latencyMicros()).isEqualTo(100);
        assertThat(roundTrip.offsetMicros()).isZero();
        for (int i = 1; i <= 7; i++) {
            roundTrip.onPulse(pulse(0, i * 1_000_000L, 0), i * 1_000_000L + 2_000 + i);
            assertThat(roundTrip.latencyMicros()).isEqualTo(100);
        }
        roundTrip.onPulse(pulse(0, 9_000_000L, 0), 9_003_000L);
        assertThat(roundTrip.latencyMicros()).isEqualTo(1_000);
    }
}
