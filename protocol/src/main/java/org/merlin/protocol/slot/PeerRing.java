package org.merlin.protocol.slot;

import java.util.Collection;
import java.util.List;
import org.merlin.protocol.node.Digests;
import org.merlin.protocol.node.NameOrder;

/**
 * The active nodes of a peer group in their agreed order: bytewise by name, so that every node computes the same order
 * without asking and a restart gives each the same share back. Immutable.
 */
public final class PeerRing {
    private final List<String> names;
    private final long hash;

    private PeerRing(Collection<String> names) {
        this.names = names.stream().distinct().sorted(NameOrder.BYTEWISE).toList();
        this.hash = Digests.hash64(this.names);
    }

    /** Sorts the names and leaves out those that are there twice. */
    public static PeerRing of(Collection<String> names) {
        return new PeerRing(names);
    }

    public static PeerRing of(String... names) {
        return new PeerRing(List.of(names));
    }

    /** Sorted, without duplicates; may be empty. */
    public List<String> names() {
        return names;
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
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerRing ring && names.equals(ring.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
