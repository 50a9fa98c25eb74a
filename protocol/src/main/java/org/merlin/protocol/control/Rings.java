package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Daemon to module: per peer group, who runs what. Sent at connect and at every change.
 *
 * @param groups the node's own peer group (selection 0) first, then those of its pollers
 * @param mastersActive whether a master of this node is active
 * @param blocking which nodes never run the checks of some hostgroups
 * @param silent whether contacts are told nothing by this node now, since it is one of a minority
 * @param keptOut whether a node is active and kept out of a ring since it came and went: it may tell contacts as we do
 */
public record Rings(
        List<GroupRing> groups, boolean mastersActive, List<Blocking> blocking, boolean silent, boolean keptOut) {
    public Rings {
        groups = List.copyOf(groups);
        blocking = List.copyOf(blocking);
    }

    /** Of a node without masters, where nobody blocks anything. */
    public Rings(List<GroupRing> groups) {
        this(groups, false, List.of(), false, false);
    }

    /** A node, and the hostgroups that it blocks. */
    public record Blocking(String node, List<String> hostgroups) {
        public Blocking {
            hostgroups = List.copyOf(hostgroups);
        }
    }

    /**
     * The ring of a peer group.
     *
     * @param selection 0 for our own group
     * @param ring names of its active nodes, bytewise sorted; may be empty for a poller group
     * @param agreed whether all of them, and all our own peers, show the same digest: only then may a check be left to another
     * @param kept rings that we announced earlier and still honour
     */
    public record GroupRing(int selection, List<String> ring, boolean agreed, List<List<String>> kept) {
        public GroupRing {
            ring = List.copyOf(ring);
            kept = kept.stream().map(List::copyOf).toList();
        }
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putList(
                        groups,
                        (out, group) -> out.putInt(group.selection())
                                .putList(group.ring(), BodyWriter::putText)
                                .putFlag(group.agreed())
                                .putList(group.kept(), (inner, ring) -> inner.putList(ring, BodyWriter::putText)))
                .putFlag(mastersActive)
                .putList(blocking, (out, of) -> out.putText(of.node()).putList(of.hostgroups(), BodyWriter::putText))
                .putFlag(silent)
                .putFlag(keptOut)
                .body();
    }

    public static Rings decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader reader = new BodyReader(body);
        List<GroupRing> groups = reader.getList(in -> new GroupRing(
                in.getInt(),
                in.getList(BodyReader::getText),
                in.getFlag(),
                in.getList(inner -> inner.getList(BodyReader::getText))));
        return new Rings(
                groups,
                reader.getFlag(),
                reader.getList(in -> new Blocking(in.getText(), in.getList(BodyReader::getText))),
                reader.getFlag(),
                reader.getFlag());
    }
}
