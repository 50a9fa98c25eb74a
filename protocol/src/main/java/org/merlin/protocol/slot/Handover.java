package org.merlin.protocol.slot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Make before break for one peer group: what a node announces, and which rings it honours meanwhile.
 *
 * <p>A node goes on running what a ring that it announced gave it until every member of its new ring shows the new digest,
 * and for two data timeouts after it last announced the old one. At the start the stored ring stands for everybody's
 * digest for one data timeout. Confined to one thread; time is an argument.
 */
public final class Handover {
    /** Old rings kept at most; beyond it the oldest goes. */
    static final int MAX_KEPT = 16;

    private final String self;
    private final long dataTimeoutNanos;
    private final Map<String, Digest> shown = new HashMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final long assumedUntilNanos;
    private boolean assumed = true;
    private PeerRing current;
    private long lists;

    private record Digest(long ring, long lists) {}

    private record Kept(PeerRing ring, long lastAnnouncedNanos) {}

    /**
     * Starts with a stored ring.
     *
     * @param self this node's name; it may be no member (a master looking at its pollers)
     * @param stored the ring of the last run, or all configured nodes
     * @param dataTimeoutNanos for how long it stands for everybody's digest, and half of what old rings are honoured for
     */
    public Handover(String self, PeerRing stored, long dataTimeoutNanos, long nowNanos) {
        this.self = self;
        this.current = stored;
        this.dataTimeoutNanos = dataTimeoutNanos;
        this.assumedUntilNanos = nowNanos + dataTimeoutNanos;
    }

    /**
     * Takes the nodes that are active now.
     *
     * @return whether the ring, or what is assumed about it, changed: announce it at once
     */
    public boolean onActive(PeerRing ring, long nowNanos) {
        boolean wasAssumed = assumed;
        if (assumed) {
            if (!ring.equals(current) && nowNanos - assumedUntilNanos < 0) {
                return false;
            }
            assumed = false;
        }
        if (ring.equals(current)) {
            return wasAssumed;
        }
        PeerRing old = current;
        kept.removeIf(entry -> entry.ring.equals(ring) || entry.ring.equals(old));
        kept.add(new Kept(old, nowNanos));
        if (kept.size() > MAX_KEPT) {
            kept.remove(0);
        }
        current = ring;
        return true;
    }

    /** Takes the hash of the group's part of the lists as our scheduler has loaded them; returns whether it is another. */
    public boolean onLists(long newLists) {
        boolean changed = lists != newLists;
        lists = newLists;
        return changed;
    }

    /** Takes what another node announces for this group. */
    public void onDigest(String node, long ring, long nodesLists) {
        shown.put(node, new Digest(ring, nodesLists));
    }

    /** Forgets what a node announced: it is no longer seen. */
    public void onGone(String node) {
        shown.remove(node);
    }

    /** Lets go of old rings whose time is over; returns whether any went. */
    public boolean onTick(long nowNanos) {
        return agreed() && kept.removeIf(entry -> nowNanos - entry.lastAnnouncedNanos >= 2 * dataTimeoutNanos);
    }

    /** The ring that we announce. */
    public PeerRing ring() {
        return current;
    }

    /** Hash of the lists that we announce. */
    public long lists() {
        return lists;
    }

    /** Whether every other member of the ring shows what we announce. */
    public boolean agreed() {
        return agreedBy(current);
    }

    /** Whether every one of these nodes, ourselves aside, shows what we announce. */
    public boolean agreedBy(PeerRing nodes) {
        Digest ours = new Digest(current.hash(), lists);
        return assumed || nodes.names().stream().allMatch(name -> name.equals(self) || ours.equals(shown.get(name)));
    }

    /** Whether the stored ring still stands for everybody's digest. */
    public boolean assumed() {
        return assumed;
    }

    /** Whether a node has announced lists that differ from ours. */
    public boolean hasOtherLists(String node) {
        Digest digest = shown.get(node);
        return digest != null && lists != 0 && digest.lists != 0 && digest.lists != lists;
    }

    /** The old rings that are still honoured. */
    public List<PeerRing> kept() {
        return kept.stream().map(Kept::ring).toList();
    }

    /** What counts now for the members of the ring themselves. */
    public RingView view() {
        return new RingView(current, agreed(), kept());
    }
}
