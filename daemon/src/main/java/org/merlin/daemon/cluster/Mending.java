package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.StreamId;

/**
 * Mends what is missing here. A gap that a neighbour names is not taken at once: other neighbours that have more of the stream are
 * asked for it, and where none has it the state table of who named it stands for it; only then the gap is passed. What our log lost
 * of our own streams, and a neighbour has, is asked back. Confined to the cluster loop.
 */
final class Mending {
    /** How long a neighbour that was asked may bring nothing. */
    static final long PATIENCE_NANOS = 2_000_000_000L;
    /** How long a state table may take to come. */
    static final long STATE_NANOS = 60_000_000_000L;

    private final List<Node> nodes;
    private final EventFlow flow;
    private final PassingOn passing;
    private final Journal journal;
    private final Map<StreamId, Gap> gaps = new LinkedHashMap<>();
    private final Map<StreamId, Long> mayPass = new HashMap<>();
    private final Map<Node, Map<StreamId, Long>> wanted = new HashMap<>();
    private final Map<Node, Integer> asked = new HashMap<>();
    private int lastId;
    private long nowNanos;

    /** A gap that a node has named. */
    private static final class Gap {
        private final Node by;
        private final Session session;
        private final StreamId stream;
        private long upTo;
        private long mark;
        private long sinceNanos;
        private boolean awaitsState;

        Gap(Node by, Session session, Chunk lost, long mark, long nowNanos) {
            this.by = by;
            this.session = session;
            this.stream = lost.stream();
            this.upTo = lost.upTo();
            this.mark = mark;
            this.sinceNanos = nowNanos;
        }
    }

    Mending(List<Node> nodes, EventFlow flow, PassingOn passing, Journal journal) {
        this.nodes = nodes;
        this.flow = flow;
        this.passing = passing;
        this.journal = journal;
    }

    // --- gaps
    // ----------------------------------------------------------------------------------------------------------------

    /** Whether a chunk is to be left for later: it names a gap that may be mended yet, or comes behind one. */
    boolean holds(Node by, Session from, Chunk chunk) {
        StreamId stream = chunk.stream();
        long mark = flow.mark(stream);
        if (chunk.upTo() <= mark || flow.isOver(stream)) {
            return false;
        }
        Gap open = gaps.get(stream);
        if (chunk.after() > mark) {
            return open != null; // asked for again when the gap is mended or passed
        }
        if (!chunk.lost() || mayPass.getOrDefault(stream, 0L) >= chunk.upTo()) {
            return false;
        }
        if (open == null) {
            begin(new Gap(by, from, chunk, mark, nowNanos));
        }
        return true;
    }

    private void begin(Gap gap) {
        gaps.put(gap.stream, gap);
        if (nodes.stream().noneMatch(node -> mayHelp(node, gap))) {
            askState(gap);
        } else {
            askOthers(gap);
        }
    }

    private boolean mayHelp(Node node, Gap gap) {
        return node != gap.by && passing.mayBring(node, gap.stream.origin());
    }

    /** Also those that come a moment later, as after our start. */
    private void askOthers(Gap gap) {
        for (Node node : nodes) {
            boolean has = mayHelp(node, gap) && node.arrives() && node.feed().acknowledged(gap.stream) > gap.mark;
            if (has && !wants(node, gap.stream)) {
                journal.info(LogEvent.MENDING, gap.upTo - gap.mark, gap.stream, gap.by, "asked of " + node);
                want(node, gap.stream, gap.upTo);
            }
        }
    }

    private void askState(Gap gap) {
        gap.awaitsState = true;
        gap.sinceNanos = nowNanos;
        if (!asked.containsKey(gap.by)) {
            journal.info(
                    LogEvent.MENDING,
                    gap.upTo - flow.mark(gap.stream),
                    gap.stream,
                    gap.by,
                    "its state table stands for them");
            asked.put(gap.by, ++lastId);
            gap.by.send(PacketType.STATE_ASK, new StateAsk(lastId, List.of()).encode());
        }
    }

    /** A node answers a question of ours, as it came to its end. */
    void onTold(Node node, StateTold told) {
        if (told.kind() == StateTold.Kind.BEGIN || !Integer.valueOf(told.id()).equals(asked.get(node))) {
            return;
        }
        asked.remove(node);
        for (Gap gap : List.copyOf(gaps.values())) {
            if (gap.by == node && gap.awaitsState) {
                pass(gap);
            }
        }
    }

    /** What cannot be mended is passed when it is named again. */
    private void pass(Gap gap) {
        mayPass.put(gap.stream, gap.upTo);
        end(gap);
    }

    private void end(Gap gap) {
        gaps.remove(gap.stream);
        nodes.forEach(node -> wantNoMore(node, gap.stream));
        flow.goBack(gap.stream, flow.mark(gap.stream), gap.session);
    }

    /** A chunk was taken; what could be passed has been. */
    void onTaken(StreamId stream) {
        if (!mayPass.isEmpty() && flow.mark(stream) >= mayPass.getOrDefault(stream, Long.MAX_VALUE)) {
            mayPass.remove(stream);
        }
    }

    /** How many gaps are open. */
    int open() {
        return gaps.size();
    }

    // --- what is asked of others
    // ---------------------------------------------------------------------------------------

    private void want(Node node, StreamId stream, long upTo) {
        if (wanted.computeIfAbsent(node, any -> new LinkedHashMap<>()).put(stream, upTo) == null) {
            tellWanted(node);
        }
    }

    private void wantNoMore(Node node, StreamId stream) {
        if (wanted.getOrDefault(node, Map.of()).containsKey(stream)) {
            wanted.get(node).remove(stream);
            tellWanted(node);
        }
    }

    private void tellWanted(Node node) {
        List<Mark> marks = new ArrayList<>();
        wanted.get(node).keySet().forEach(stream -> marks.add(new Mark(stream, flow.mark(stream))));
        ByteBuffer body = new Marks(Marks.Kind.WANTED, marks).encode();
        node.send(PacketType.MARKS, body);
    }

    /** Whether a node was asked for a stream that it may not bring otherwise. */
    boolean wants(Node from, StreamId stream) {
        return wanted.getOrDefault(from, Map.of()).containsKey(stream);
    }

    /**
     * A node tells what it has: of our own streams it may have more than our log, which has lost its end.
     *
     * @param running whether a stream is that of the present run of our scheduler
     */
    void onMarks(Node node, List<Mark> marks, Predicate<StreamId> ours, Predicate<StreamId> running) {
        for (Mark mark : marks) {
            StreamId stream = mark.stream();
            boolean forOurselves = ours.test(stream) && !running.test(stream) && !flow.isOver(stream);
            if (forOurselves && mark.sequence() > flow.mark(stream)) {
                journal.info(
                        LogEvent.MENDING,
                        mark.sequence() - flow.mark(stream),
                        stream,
                        node,
                        "asked back, our log lost them");
                want(node, stream, mark.sequence());
            }
        }
    }

    /**
     * What came back of our own stream, piece by piece: a node that is owed a part of it, as a poller is, covers the rest without having it,
     * which must not pass for whole here. So what it leaves out is named as a gap, which others may mend.
     */
    static List<Chunk> withoutHoles(Chunk chunk) {
        if (chunk.lost() || chunk.count() == chunk.upTo() - chunk.after()) {
            return List.of(chunk);
        }
        List<Chunk> parts = new ArrayList<>();
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = chunk.packets();
        long covered = chunk.after();
        while (Chunk.nextTrusted(cursor, in)) {
            long sequence = cursor.sequence();
            if (sequence > covered + 1) {
                parts.add(Chunk.lost(chunk.stream(), covered, sequence - 1));
            }
            parts.add(chunk.one(cursor));
            covered = sequence;
        }
        if (covered < chunk.upTo()) {
            parts.add(Chunk.lost(chunk.stream(), covered, chunk.upTo()));
        }
        return parts;
    }

    // --- in time
    // ----------------------------------------------------------------------------------------------------------

    void onTick(long now) {
        nowNanos = now;
        for (Gap gap : List.copyOf(gaps.values())) {
            long mark = flow.mark(gap.stream);
            if (mark >= gap.upTo) {
                end(gap);
            } else if (gap.awaitsState) {
                if (now - gap.sinceNanos >= STATE_NANOS) {
                    asked.remove(gap.by);
                    pass(gap);
                }
            } else if (mark > gap.mark) {
                gap.mark = mark;
                gap.sinceNanos = now;
            } else if (now - gap.sinceNanos >= PATIENCE_NANOS) {
                nodes.forEach(node -> wantNoMore(node, gap.stream));
                askState(gap);
            } else {
                askOthers(gap);
            }
        }
        for (Node node : Set.copyOf(wanted.keySet())) {
            Set<StreamId> have = new HashSet<>();
            wanted.get(node).forEach((stream, upTo) -> {
                if (flow.mark(stream) >= upTo) {
                    have.add(stream);
                }
            });
            have.forEach(stream -> wantNoMore(node, stream));
        }
    }

    /** What was asked of a node may not have come over its former link. */
    void onAdopted(Node node) {
        if (!wanted.getOrDefault(node, Map.of()).isEmpty()) {
            tellWanted(node);
        }
        asked.remove(node);
        for (Gap gap : List.copyOf(gaps.values())) {
            if (gap.by == node) {
                gaps.remove(gap.stream); // it names it again
            }
        }
    }

    /** The link with a node is gone: what it named it names again, what was asked of it is not coming. */
    void onGone(Node node) {
        asked.remove(node);
        wanted.remove(node);
        gaps.values().removeIf(gap -> gap.by == node);
    }
}
