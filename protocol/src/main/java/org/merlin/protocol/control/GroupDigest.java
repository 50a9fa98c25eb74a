package org.merlin.protocol.control;

import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * What a node announces for one peer group. Two nodes that show the same ring and lists, or else the same plan, compute the same runner for
 * every check of it.
 *
 * @param selection the poller group's selection; 0 for the sender's own peer group
 * @param ring hash of the names of the group's active nodes in their order
 * @param lists hash of the group's part of the object lists as the sender's scheduler has loaded them; 0 if it has none
 * @param plan stands for the ring and the lists of all its members, if these differ and the sender knows them; else 0
 */
public record GroupDigest(int selection, long ring, long lists, long plan) {
    /** Of a node that has no plan. */
    public GroupDigest(int selection, long ring, long lists) {
        this(selection, ring, lists, 0);
    }

    GroupDigest withPlan(long newPlan) {
        return new GroupDigest(selection, ring, lists, newPlan);
    }

    /** Writes all but the plan, which came later and stands at the end of a pulse. */
    void write(BodyWriter out) {
        out.putInt(selection).putLong(ring).putLong(lists);
    }

    static GroupDigest read(BodyReader in) throws MalformedPacketException {
        return new GroupDigest(in.getInt(), in.getLong(), in.getLong());
    }
}
