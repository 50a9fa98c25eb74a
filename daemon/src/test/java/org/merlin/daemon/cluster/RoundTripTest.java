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
}
