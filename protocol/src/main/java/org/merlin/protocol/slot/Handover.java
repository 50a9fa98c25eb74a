package org.merlin.protocol.slot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.merlin.protocol.node.Digests;

/**
 * Make before break for one peer group: what a node announces, and which rings it honours meanwhile.
 *
 * <p>A node goes on running what a ring that it announced gave it until every member of its new ring shows the new digest,
 * and for two data timeouts after it last announced the old one. At the start the stored ring stands for everybody's
 * digest for one data timeout. Confined to one thread; time is an argument.
 *
 * <p>While lists differ, a node that knows what all members have loaded announces a <em>plan</em>: the hash of who is in the ring with
 * which lists. Who shows the same plan computes the same runners, though the lists differ.
 */
public final class Handover {
    /** Old rings kept at most; beyond it the oldest goes. */
    static final int MAX_KEPT = 16;

    private final String self;
    private long dataTimeoutNanos;
    private final Map<String, Digest> shown = new HashMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final long assumedUntilNanos;
    private boolean assumed = true;
    private PeerRing current;
    private PeerRing planRing = PeerRing.of();
    private long lists;
    private long plan;
    private final List<Kept> leftPlans = new ArrayList<>();

    private record Digest(long ring, long lists, long plan) {}

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

    /** A group that is configured while we run: nobody was in it so far, and nothing stands for anybody's digest. */
    public static Handover ofNewGroup(String self, long dataTimeoutNanos, long nowNanos) {
        Handover fresh = new Handover(self, PeerRing.of(), dataTimeoutNanos, nowNanos);
        fresh.assumed = false;
        return fresh;
    }

    /** Goes by another data timeout. */
    public void dataTimeout(long newDataTimeoutNanos) {
        dataTimeoutNanos = newDataTimeoutNanos;
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

    /** Takes what another node announces for this group; {@code nodesPlan} is 0 while it has none. */
    public void onDigest(String node, long ring, long nodesLists, long nodesPlan) {
        shown.put(node, new Digest(ring, nodesLists, nodesPlan));
    }

    /** The same of a node that has no plan. */
    public void onDigest(String node, long ring, long nodesLists) {
        onDigest(node, ring, nodesLists, 0);
    }

    /**
     * Goes by a plan from now on.
     *
     * @param newPlan what {@link #planToBe} said, if all lists that it stands for are known and differ; else 0
     * @return whether it is another one: announce it at once
     */
    public boolean onPlan(long newPlan, long nowNanos) {
        if (plan == newPlan) {
            return false;
        }
        if (plan != 0 && planRing.contains(self)) {
            leftPlans.add(new Kept(planRing, nowNanos));
            if (leftPlans.size() > MAX_KEPT) {
                leftPlans.remove(0);
            }
        }
        plan = newPlan;
        planRing = current;
        return true;
    }

    /** The lists of all members of the ring, ours first, each once; empty if there is one of whom we do not know it. */
    public List<Long> listsOfMembers() {
        Set<Long> all = new LinkedHashSet<>(List.of(lists));
        others(current).forEach(name -> all.add(listsOf(name)));
        return all.contains(0L) ? List.of() : List.copyOf(all);
    }

    /** The lists that a node has announced; 0 if it did not. */
    public long listsOf(String node) {
        Digest digest = shown.get(node);
        return node.equals(self) ? lists : digest == null ? 0 : digest.lists;
    }

    /** What stands for the present ring and the lists of its members. */
    public long planToBe() {
        return Digests.hash64(current.names().stream()
                .map(name -> name + ' ' + Long.toHexString(listsOf(name)))
                .toList());
    }

    /** Whether some member of the ring has announced lists that differ from ours. */
    public boolean listsDiffer() {
        return others(current).anyMatch(this::hasOtherLists);
    }

    private Stream<String> others(PeerRing ring) {
        return ring.names().stream().filter(name -> !name.equals(self));
    }

    /** Forgets what a node announced: it is no longer seen. */
    public void onGone(String node) {
        shown.remove(node);
    }

    /** Lets go of old rings and plans whose time is over; returns whether any went. */
    public boolean onTick(long nowNanos) {
        if (!shownBy(current)) {
            return false;
        }
        boolean any = kept.removeIf(entry -> isOver(entry, nowNanos));
        // all members of its ring show that they go by another one
        any |= leftPlans.removeIf(
                entry -> isOver(entry, nowNanos) || current.names().containsAll(entry.ring.names()));
        return any;
    }

    private boolean isOver(Kept entry, long nowNanos) {
        return nowNanos - entry.lastAnnouncedNanos >= 2 * dataTimeoutNanos;
    }

    /** The ring that we announce. */
    public PeerRing ring() {
        return current;
    }

    /** Hash of the lists that we announce. */
    public long lists() {
        return lists;
    }

    /** The plan that we announce; 0 for none. */
    public long plan() {
        return plan;
    }

    /**
     * Whether every other member of the ring goes by what we announce, and nobody may rely on a plan that we have left: what one gave us
     * cannot be told any more, so we run everything meanwhile.
     */
    public boolean agreed() {
        return shownBy(current) && leftPlans.isEmpty();
    }

    private boolean shownBy(PeerRing nodes) {
        if (assumed && plan == 0 && others(nodes).noneMatch(this::hasOtherLists)) {
            return true;
        }
        boolean member = current.contains(self);
        return others(nodes).allMatch(name -> {
            Digest digest = shown.get(name);
            if (digest == null || digest.ring != current.hash()) {
                return false;
            }
            // who is no member only looks at what the members have
            return plan == 0 ? digest.lists == lists && (digest.plan == 0 || !member) : digest.plan == plan || !member;
        });
    }

    /**
     * Of a group that we only look at: whether every one of these nodes, ourselves aside, shows the ring that we announce, and knows as we do
     * what its members have: by the same plan, or since they have loaded what it has.
     */
    public boolean alsoSeenBy(PeerRing nodes) {
        return assumed
                || others(nodes)
                        .map(shown::get)
                        .allMatch(digest -> digest != null
                                && digest.ring == current.hash()
                                && (digest.plan == plan || digest.plan == 0 && allHave(digest.lists)));
    }

    private boolean allHave(long theseLists) {
        return current.names().stream().allMatch(name -> listsOf(name) == theseLists);
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

    /** What counts now for the members of the ring themselves, where all have loaded the same. */
    public RingView view() {
        return view(Differences.NONE);
    }

    /** The same where their lists differ. */
    public RingView view(Differences differences) {
        return new RingView(current, agreed(), kept(), differences);
    }
}
