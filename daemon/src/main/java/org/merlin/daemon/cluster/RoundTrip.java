package org.merlin.daemon.cluster;

import org.merlin.protocol.control.Pulse;

/**
 * Latency and clock offset of a node, from the four times that a pulse and its answer carry. Of the last eight pulses the
 * one that travelled fastest counts, as in NTP's clock filter (RFC 5905, 10): what a busy process adds is no latency of the
 * way. Confined to the cluster loop.
 */
final class RoundTrip {
    private static final int SAMPLES = 8;

    private final long[] roundTripsMicros = new long[SAMPLES];
    private final long[] offsetsMicros = new long[SAMPLES];
    private int taken;

    /**
     * Takes a pulse.
     *
     * @param arrivedMicros our wall clock at its arrival
     */
    void onPulse(Pulse pulse, long arrivedMicros) {
        if (pulse.echoMicros() == 0) {
            return;
        }
        long roundTrip = Math.max(0, arrivedMicros - pulse.echoMicros() - pulse.heldMicros());
        int at = taken % SAMPLES;
        roundTripsMicros[at] = roundTrip;
        offsetsMicros[at] = pulse.sentMicros() + roundTrip / 2 - arrivedMicros;
        taken++;
    }

    void forget() {
        taken = 0;
    }

    boolean known() {
        return taken > 0;
    }

    /** One way, half of the round trip. */
    long latencyMicros() {
        return roundTripsMicros[fastest()] / 2;
    }

    /** How much the other clock is ahead of ours. */
    long offsetMicros() {
        return offsetsMicros[fastest()];
    }

    private int fastest() {
        int fastest = 0;
        for (int i = 1; i < Math.min(taken, SAMPLES); i++) {
            if (roundTripsMicros[i] < roundTripsMicros[fastest]) {
                fastest = i;
            }
        }
        return fastest;
    }
}
