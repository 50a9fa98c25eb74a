package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
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
     * @param lists which lists they were agreed on
     */
    public record GroupRing(
            int selection, List<String> ring, boolean agreed, List<List<String>> kept, LoadedLists lists) {
        public GroupRing {
            ring = List.copyOf(ring);
            kept = kept.stream().map(List::copyOf).toList();
        }

        /** Where all have loaded the same. */
        public GroupRing(int selection, List<String> ring, boolean agreed, List<List<String>> kept) {
            this(selection, ring, agreed, kept, LoadedLists.SAME);
        }
    }

    /**
     * The loaded lists of a ring's members.
     *
     * @param ours hash of the group's part of our own; 0 if it is not known
     * @param differ whether some member has loaded others
     * @param plan if they differ and are known, which {@link Lacking} packets tell in what; else 0
     */
    public record LoadedLists(long ours, boolean differ, long plan) {
        public static final LoadedLists SAME = new LoadedLists(0, false, 0);
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
                .putList(
                        groups,
                        (out, group) -> out.putLong(group.lists().ours())
                                .putFlag(group.lists().differ())
                                .putLong(group.lists().plan()))
                .body();
    }

    public static Rings decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader reader = new BodyReader(body);
        List<GroupRing> groups = reader.getList(in -> new GroupRing(
                in.getInt(),
                in.getList(BodyReader::getText),
                in.getFlag(),
                in.getList(inner -> inner.getList(BodyReader::getText))));
        boolean mastersActive = reader.getFlag();
        List<Blocking> blocking = reader.getList(in -> new Blocking(in.getText(), in.getList(BodyReader::getText)));
        boolean silent = reader.getFlag();
        boolean keptOut = reader.getFlag();
        List<LoadedLists> lists = reader.hasMore()
                ? reader.getList(in -> new LoadedLists(in.getLong(), in.getFlag(), in.getLong()))
                : List.of();
        return new Rings(with(lists, groups), mastersActive, blocking, silent, keptOut);
    }

    private static List<GroupRing> with(List<LoadedLists> lists, List<GroupRing> groups) {
        return IntStream.range(0, groups.size())
                .mapToObj(i -> {
                    GroupRing of = groups.get(i);
                    LoadedLists loaded = i < lists.size() ? lists.get(i) : LoadedLists.SAME;
                    return new GroupRing(of.selection(), of.ring(), of.agreed(), of.kept(), loaded);
                })
                .toList();
    }
}
