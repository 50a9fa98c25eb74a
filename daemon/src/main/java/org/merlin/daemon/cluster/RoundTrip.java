package org.merlin.daemon.cluster;

import org.merlin.protocol.control.Pulse;

/**
 * Latency and clock offset of a node, from the times that pulses carry: the usual four-timestamp estimate, smoothed over
 * about eight pulses. Confined to the cluster loop.
 */
final class RoundTrip {
    private static final double WEIGHT = 0.125;

    private boolean known;
    private double roundTripMicros;
    private double offsetMicros;

    /**
     * Takes a pulse.
     *
     * @param arrivedMicros our wall clock at its arrival
     */
    void onPulse(Pulse pulse, long arrivedMicros) {
        if (pulse.echoMicros() == 0) {
            return;
        }
        double roundTrip = Math.max(0, arrivedMicros - pulse.echoMicros() - pulse.heldMicros());
        double offset = pulse.sentMicros() + roundTrip / 2 - arrivedMicros;
        roundTripMicros = known ? roundTripMicros + WEIGHT * (roundTrip - roundTripMicros) : roundTrip;
        offsetMicros = known ? offsetMicros + WEIGHT * (offset - offsetMicros) : offset;
        known = true;
    }

    void forget() {
        known = false;
    }

    boolean known() {
        return known;
    }

    /** One way, half of the round trip. */
    long latencyMicros() {
        return Math.round(roundTripMicros / 2);
    }

    /** How much the other clock is ahead of ours. */
    long offsetMicros() {
        return Math.round(offsetMicros);
    }
}
