package org.merlin.daemon.cluster;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.merlin.daemon.state.StateTable;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;

/**
 * Tells neighbours and our module what the state table holds, when they ask, as fast as their links take it and a turn's worth at a
 * time. Questions on one link are answered one after another, at most {@link #MAX_QUESTIONS} of them. Confined to the cluster loop.
 */
final class StateTelling {
    private static final int PART_BYTES = 96 << 10;
    private static final int PART_SLOTS = 2_000;
    private static final int PARTS_A_TURN = 4;
    /** Of one link that wait or are being answered; beyond it the oldest is given up. */
    static final int MAX_QUESTIONS = 4;

    private final StateTable table;
    private final Map<Session, Deque<Answer>> answers = new LinkedHashMap<>();

    private record Answer(int id, StateTable.Walk walk, StateTold.Kind end) {}

    StateTelling(StateTable table) {
        this.table = table;
    }

    /**
     * Begins an answer.
     *
     * @param owed which items who asks may know
     */
    void begin(Session to, int id, Predicate<PacketCursor> owed) {
        begin(to, id, owed, StateTold.Kind.END);
    }

    /**
     * As {@link #begin}, where this node waits for its beginnings itself. What it has heard since its start is told all the same, as it
     * may stand for events that nobody has any more; but it is not the past that another new node looks for.
     */
    void beginNew(Session to, int id, Predicate<PacketCursor> owed) {
        begin(to, id, owed, StateTold.Kind.NONE);
    }

    private void begin(Session to, int id, Predicate<PacketCursor> owed, StateTold.Kind end) {
        Deque<Answer> waiting = answers.computeIfAbsent(to, any -> new ArrayDeque<>());
        if (waiting.size() == MAX_QUESTIONS) {
            waiting.removeFirst();
        }
        waiting.add(new Answer(id, table.walk(owed), end));
        to.send(PacketType.STATE_TOLD, new StateTold(StateTold.Kind.BEGIN, id).encode());
        pump();
    }

    /** Goes on with all answers; returns whether there is more to do at once. */
    boolean pump() {
        boolean more = false;
        for (Iterator<Map.Entry<Session, Deque<Answer>>> all =
                        answers.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Session, Deque<Answer>> next = all.next();
            Session to = next.getKey();
            Deque<Answer> waiting = next.getValue();
            if (!to.ended() && goOn(to, waiting.getFirst())) {
                waiting.removeFirst();
            }
            if (to.ended() || waiting.isEmpty()) {
                all.remove();
            } else {
                more |= to.link().writable();
            }
        }
        return more;
    }

    /** Returns whether it is finished. */
    private boolean goOn(Session to, Answer answer) {
        for (int i = 0; i < PARTS_A_TURN && to.link().writable(); i++) {
            Optional<Chunk> part = answer.walk.next(PART_BYTES, PART_SLOTS);
            if (part.isEmpty()) {
                to.send(PacketType.STATE_TOLD, new StateTold(answer.end, answer.id).encode());
                return true;
            }
            if (part.get().count() > 0) {
                to.send(part.get());
            }
        }
        return false;
    }
}
