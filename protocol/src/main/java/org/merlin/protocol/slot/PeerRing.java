package org.merlin.protocol.slot;

import java.util.Collection;
import java.util.List;
import org.merlin.protocol.node.Digests;
import org.merlin.protocol.node.NameOrder;

/**
 * The active nodes of a peer group in their agreed order: bytewise by name, so that every node computes the same order
 * without asking and a restart gives each the same share back. Immutable.
 *
 * @param names sorted, without duplicates; may be empty
 */
public record PeerRing(List<String> names) {
    public PeerRing {
        names = names.stream().distinct().sorted(NameOrder.BYTEWISE).toList();
    }

    public static PeerRing of(Collection<String> names) {
        return new PeerRing(List.copyOf(names));
    }

    public static PeerRing of(String... names) {
        return new PeerRing(List.of(names));
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public boolean contains(String name) {
        return names.contains(name);
    }

    /** The k-th in line for a slot, the runner being the 0th. The ring must not be empty. */
    public String inLine(int slot, int k) {
        return names.get((slot + k) % names.size());
    }

    /** Who runs the check of a slot. The ring must not be empty. */
    public String runner(int slot) {
        return inLine(slot, 0);
    }

    /** What pulses carry for it. */
    public long hash() {
        return Digests.hash64(names);
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
