package org.merlin.protocol.wire;

/**
 * A stream: what one node's scheduler (even epochs) or daemon (odd ones) said in one run, numbered from 1.
 *
 * @param origin first 8 bytes of the SHA-256 of the node's name
 * @param epoch the run; unsigned, a higher one began later
 */
public record StreamId(long origin, int epoch) {
    @Override
    public String toString() {
        return String.format("%016x/%s", origin, Integer.toUnsignedString(epoch));
    }
}
