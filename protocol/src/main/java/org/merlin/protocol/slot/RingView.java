package org.merlin.protocol.slot;

import java.util.List;
import java.util.function.Predicate;

/**
 * What a node knows of a peer group's ring at one moment. Immutable.
 *
 * @param current the ring as it is seen now
 * @param agreed whether everybody concerned shows the same digest: only then may a check be left to another
 * @param kept rings that were announced earlier and are still honoured
 */
public record RingView(PeerRing current, boolean agreed, List<PeerRing> kept) {
    public RingView {
        kept = List.copyOf(kept);
    }

    /** A ring that everybody is taken to agree on. */
    public static RingView settled(PeerRing ring) {
        return new RingView(ring, true, List.of());
    }

    /** Whether the group is between two rings, so that a check may run twice. */
    public boolean handover() {
        return !agreed || !kept.isEmpty();
    }

    /**
     * Whether a node of this ring runs a slot: its ring gives it to it; or an older ring that it announced did; or it cannot be
     * sure that another one does.
     *
     * @param blocks whether a node never runs it, so that the next in line does
     */
    public boolean runs(String self, int slot, Predicate<String> blocks) {
        return !agreed
                || gives(current, self, slot, blocks)
                || kept.stream().anyMatch(ring -> gives(ring, self, slot, blocks));
    }

    /** The same where nobody blocks anything. */
    public boolean runs(String self, int slot) {
        return runs(self, slot, node -> false);
    }

    private static boolean gives(PeerRing ring, String self, int slot, Predicate<String> blocks) {
        for (int place = 0; place < ring.names().size(); place++) {
            String node = ring.inLine(slot, place);
            if (!blocks.test(node)) {
                return node.equals(self);
            }
        }
        return false;
    }

    /** Whether some ring that counts now holds nobody, or may: then the group's checks are the masters'. */
    public boolean maybeEmpty() {
        return current.isEmpty() || !agreed || kept.stream().anyMatch(PeerRing::isEmpty);
    }
}
