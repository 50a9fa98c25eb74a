package org.merlin.module.hook;

import org.merlin.protocol.slot.SlotTable;

/**
 * By object, the revision, time and origin of the state that the scheduler has: what decides whether a result is newer.
 * Confined to the scheduler's thread.
 */
public final class KnownStates {
    private final SlotTable slots;
    private final long self;
    private final int[] revisions;
    private final long[] times;
    private final long[] origins;
    private long hostsOfOurs;
    private long servicesOfOurs;

    /**
     * Starts with what the scheduler remembers; times and origins of the last run are not known any more, so that a result of
     * the same revision counts as newer.
     *
     * @param self origin of this node
     */
    public KnownStates(SlotTable slots, long self, int[] revisions) {
        if (revisions.length != slots.size()) {
            throw new IllegalArgumentException(revisions.length + " revisions for " + slots.size() + " objects");
        }
        this.slots = slots;
        this.self = self;
        this.revisions = revisions.clone();
        times = new long[revisions.length];
        origins = new long[revisions.length];
    }

    public int revision(int index) {
        return revisions[index];
    }

    /** Whether a result wins against the present state: by revision, then time, then origin. */
    public boolean isNewer(int index, int revision, long timeMicros, long origin) {
        int byRevision = Integer.compareUnsigned(revision, revisions[index]);
        if (byRevision != 0) {
            return byRevision > 0;
        }
        return timeMicros != times[index]
                ? timeMicros > times[index]
                : Long.compareUnsigned(origin, origins[index]) > 0;
    }

    /** Whether a result is the very one that made the present state. */
    public boolean isSame(int index, int revision, long timeMicros, long origin) {
        return times[index] != 0
                && revision == revisions[index]
                && timeMicros == times[index]
                && origin == origins[index];
    }

    /** Notes what made the present state. */
    public void set(int index, int revision, long timeMicros, long origin) {
        count(index, (origin == self ? 1 : 0) - (origins[index] == self ? 1 : 0));
        revisions[index] = revision;
        times[index] = timeMicros;
        origins[index] = origin;
    }

    private void count(int index, int change) {
        if (slots.object(index).isHost()) {
            hostsOfOurs += change;
        } else {
            servicesOfOurs += change;
        }
    }

    /** Hosts whose present state this node found, in this run of the scheduler. */
    public long hostsOfOurs() {
        return hostsOfOurs;
    }

    /** Services whose present state this node found, in this run of the scheduler. */
    public long servicesOfOurs() {
        return servicesOfOurs;
    }
}
