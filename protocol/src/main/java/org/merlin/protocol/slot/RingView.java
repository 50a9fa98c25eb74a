package org.merlin.protocol.slot;

import java.util.List;
import java.util.function.Predicate;

/**
 * What a node knows of a peer group's ring at one moment. Immutable.
 *
 * <p>Where all members have loaded the same lists, an object's runner is ring[slot mod size]. Where lists differ, and it is known in
 * what, it is ring'[hash mod size], with ring' the members that have the object: that needs no common list.
 *
 * @param current the ring as it is seen now
 * @param agreed whether everybody concerned shows the same digest: only then may a check be left to another
 * @param kept rings that were announced earlier and are still honoured
 * @param lists in what the members' lists differ from ours
 */
public record RingView(PeerRing current, boolean agreed, List<PeerRing> kept, Differences lists) {
    public RingView {
        kept = List.copyOf(kept);
    }

    /** Where all have loaded the same. */
    public RingView(PeerRing current, boolean agreed, List<PeerRing> kept) {
        this(current, agreed, kept, Differences.NONE);
    }

    /** A ring that everybody is taken to agree on. */
    public static RingView settled(PeerRing ring) {
        return new RingView(ring, true, List.of());
    }

    /** Whether the group is between two rings, so that a check may run twice. */
    public boolean handover() {
        return !agreed || !kept.isEmpty();
    }

    /** Whether it is agreed who runs what, from lists that are the same: who runs a check need not doubt that it is the one. */
    public boolean sure() {
        return agreed && !lists.any();
    }

    /**
     * An object as a ring's rule sees it.
     *
     * @param index in our own lists
     * @param key hash of its name
     * @param slot its place in the list that counts
     */
    public record Place(int index, long key, int slot) {
        /** Where lists are the same, and only the slot counts. */
        public static Place ofSlot(int slot) {
            return new Place(slot, 0, slot);
        }
    }

    /**
     * Whether a node of this ring runs an object's check: its ring gives it to it; or an older ring that it announced did; or it
     * cannot be sure that another one does; or it has the object, and no member has.
     *
     * @param blocks whether a node never runs it, so that the next in line does
     */
    public boolean runs(String self, Place place, Predicate<String> blocks) {
        return !agreed
                || runsWhereItIsHad(place)
                || inLine(place, 0, blocks).equals(self)
                || kept.stream()
                        .anyMatch(ring ->
                                inLine(ring.names(), place.slot, 0, blocks).equals(self));
    }

    /** The same by slots, where nobody blocks anything. */
    public boolean runs(String self, int slot) {
        return runs(self, Place.ofSlot(slot), node -> false);
    }

    /** Whether no member of the ring has loaded it, as far as that is known. */
    public boolean runsWhereItIsHad(Place place) {
        return lists.known() && lists.having(current, place.index).isEmpty();
    }

    /** The k-th in line for an object by the present ring, the runner being the 0th; empty if there are no more. */
    public String inLine(Place place, int k, Predicate<String> blocks) {
        if (!lists.known()) {
            return inLine(current.names(), place.slot, k, blocks);
        }
        List<String> having = lists.having(current, place.index);
        return having.isEmpty()
                ? ""
                : inLine(having, (int) Long.remainderUnsigned(place.key, having.size()), k, blocks);
    }

    private static String inLine(List<String> nodes, int first, int k, Predicate<String> blocks) {
        int left = k;
        for (int place = 0; place < nodes.size(); place++) {
            String node = nodes.get((first + place) % nodes.size());
            if (!blocks.test(node) && left-- == 0) {
                return node;
            }
        }
        return "";
    }

    /** Whether some ring that counts now holds nobody, or may, or nobody who has an object: then its check is the masters'. */
    public boolean maybeNobody(Place place) {
        return current.isEmpty() || !agreed || kept.stream().anyMatch(PeerRing::isEmpty) || runsWhereItIsHad(place);
    }

    /** The same once a node has gone and all agree on it. */
    public RingView without(String node) {
        PeerRing left = PeerRing.of(
                current.names().stream().filter(name -> !name.equals(node)).toList());
        return new RingView(left, true, List.of(), lists);
    }
}
