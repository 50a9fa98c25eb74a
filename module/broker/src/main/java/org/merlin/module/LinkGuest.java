package org.merlin.module;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.merlin.module.hook.ListAnswers;
import org.merlin.module.ipc.DaemonLink;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentList;
import org.merlin.protocol.control.AssignmentListQuery;
import org.merlin.protocol.control.AssignmentQuery;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Rings;

/** The module as its link sees it. */
final class LinkGuest implements DaemonLink.Guest {
    private volatile NodeInfo info;
    private final Consumer<Mark> onRunMark;
    private final RingsInUse rings;
    private final Assignments assignments;
    private final ListAnswers lists;
    private final BooleanSupplier onConfRead;
    private final Shared shared;
    private final SchedulerPort port;
    private final SignOfLife signOfLife;
    private final Figures figures;
    private final Guard guard;

    LinkGuest(
            NodeInfo info,
            Consumer<Mark> onRunMark,
            BooleanSupplier onConfRead,
            RingsInUse rings,
            Assignments assignments,
            ListAnswers lists,
            Shared shared,
            SchedulerPort port,
            SignOfLife signOfLife,
            Figures figures,
            Guard guard) {
        this.info = info;
        this.onRunMark = onRunMark;
        this.onConfRead = onConfRead;
        this.rings = rings;
        this.assignments = assignments;
        this.lists = lists;
        this.shared = shared;
        this.port = port;
        this.signOfLife = signOfLife;
        this.figures = figures;
        this.guard = guard;
    }

    @Override
    public void onRings(Rings told) {
        rings.onRings(told);
    }

    @Override
    public void onDaemonGone(long nowNanos) {
        rings.onDaemonGone(nowNanos);
    }

    @Override
    public void onRunMark(Mark mark) {
        onRunMark.accept(mark);
    }

    @Override
    public boolean onConfRead() {
        return onConfRead.getAsBoolean();
    }

    /** What is told of this module from now on. Any thread. */
    synchronized void introduce(UnaryOperator<NodeInfo> change) {
        info = change.apply(info);
    }

    @Override
    public void onStateTold() {
        shared.onStateTold();
    }

    @Override
    public void onLost() {
        shared.onLost();
    }

    @Override
    public void onTick(long nowNanos) {
        if (shared.isWaiting()) {
            port.wake();
        }
        rings.onTick(nowNanos);
    }

    @Override
    public void onInbox() {
        port.wake();
    }

    @Override
    public void wakeScheduler() {
        port.wake();
    }

    @Override
    public boolean schedulerAnswers(long nowNanos) {
        return signOfLife.isFresh(nowNanos);
    }

    @Override
    public Assignment assignment(AssignmentQuery query) {
        return assignments.answer(query, rings.rule());
    }

    @Override
    public AssignmentList assignments(AssignmentListQuery query) {
        return assignments.answer(query, rings.rule());
    }

    @Override
    public void onLacking(Lacking part) {
        rings.onLacking(part);
    }

    @Override
    public ListPart list(ListQuery query) {
        return lists.answer(query);
    }

    @Override
    public NodeInfo info() {
        return info;
    }

    @Override
    public void figures(Map<String, Long> into) {
        figures.into(into);
    }

    @Override
    public void onFaulty(int inARow) {
        guard.detach();
    }
}
