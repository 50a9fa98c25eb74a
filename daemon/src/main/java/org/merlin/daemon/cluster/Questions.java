package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentList;
import org.merlin.protocol.control.AssignmentListQuery;
import org.merlin.protocol.control.AssignmentListQuery.Which;
import org.merlin.protocol.control.AssignmentQuery;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketType;

/** What the command line asks our module: who runs what. Confined to the cluster loop. */
public final class Questions {
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    private final ModuleSeat module;
    private final Map<Integer, Open<Assignment>> single = new HashMap<>();
    private final Map<Integer, Open<AssignmentList>> lists = new HashMap<>();
    private int next = 1;

    private record Open<T>(Consumer<Optional<T>> answer, long untilNanos) {}

    Questions(ModuleSeat module) {
        this.module = module;
    }

    /** Asks who runs a check; empty if the module does not answer within 3 s. */
    public void ask(String object, long nowNanos, Consumer<Optional<Assignment>> answer) {
        ask(single, PacketType.ASSIGNMENT_QUERY, new AssignmentQuery(next, object).encode(), nowNanos, answer);
    }

    /**
     * Asks who runs many; empty if the module does not answer within 3 s.
     *
     * @param node whose, where a node matters
     * @param from what the answer before this one named as next; 0 to begin
     */
    public void ask(Which which, String node, int from, long nowNanos, Consumer<Optional<AssignmentList>> answer) {
        ByteBuffer query = new AssignmentListQuery(next, which, node, from).encode();
        ask(lists, PacketType.ASSIGNMENT_LIST_QUERY, query, nowNanos, answer);
    }

    private <T> void ask(
            Map<Integer, Open<T>> open, int code, ByteBuffer query, long nowNanos, Consumer<Optional<T>> answer) {
        if (!module.connected()) {
            answer.accept(Optional.empty());
            return;
        }
        open.put(next++, new Open<>(answer, nowNanos + PATIENCE_NANOS));
        module.send(code, query);
    }

    /** Takes an answer; others are left alone. */
    void onAnswer(int code, ByteBuffer body) throws MalformedPacketException {
        if (code == PacketType.ASSIGNMENT) {
            Assignment assignment = Assignment.decode(body);
            answer(single.remove(assignment.id()), assignment);
        } else if (code == PacketType.ASSIGNMENT_LIST) {
            AssignmentList list = AssignmentList.decode(body);
            answer(lists.remove(list.id()), list);
        }
    }

    private static <T> void answer(Open<T> question, T answer) {
        if (question != null) {
            question.answer.accept(Optional.of(answer));
        }
    }

    void onTick(long nowNanos) {
        giveUp(single, nowNanos);
        giveUp(lists, nowNanos);
    }

    private static <T> void giveUp(Map<Integer, Open<T>> open, long nowNanos) {
        open.values().removeIf(question -> {
            boolean over = nowNanos - question.untilNanos >= 0;
            if (over) {
                question.answer.accept(Optional.empty());
            }
            return over;
        });
    }
}
