package org.merlin.module;

import java.util.Map;
import org.merlin.module.hook.Precheck;
import org.merlin.module.ipc.Journal;
import org.merlin.module.ipc.LogEvent;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.module.shared.Notifications;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.slot.RunnerRule;

/** Hands the rings to all that goes by them, and keeps them for the next start. Confined to the sender's thread. */
final class RingsInUse {
    private final ModuleRings rings;
    private final RingFile file;
    private final Precheck precheck;
    private final Notifications notifications;
    private final Shares shares;
    private final SchedulerPort port;
    private final Journal journal;

    /** Takes over rings that precheck and notifications go by already. */
    RingsInUse(
            ModuleRings rings,
            RingFile file,
            Precheck precheck,
            Notifications notifications,
            Shares shares,
            SchedulerPort port,
            Journal journal) {
        this.rings = rings;
        this.file = file;
        this.precheck = precheck;
        this.notifications = notifications;
        this.shares = shares;
        this.port = port;
        this.journal = journal;
        shares.count(rings.rule());
    }

    RunnerRule rule() {
        return rings.rule();
    }

    /** Counts with the rings that follow. */
    void onLacking(Lacking part) {
        rings.onLacking(part);
    }

    void onRings(Rings told) {
        rings.onRings(told);
        use();
        if (rings.worthKeeping()) {
            file.save(told);
        }
        journal.info(
                LogEvent.RING_OF_DAEMON,
                rings.rule().own().current() + (rings.rule().own().handover() ? ", in a handover" : ""));
    }

    /** Goes by another merlin.conf; {@code lists} as {@link ModuleRings#configure} takes them. */
    void configure(MerlinConf conf, Map<Integer, Long> lists) {
        rings.configure(conf, lists);
        use();
    }

    /** Who runs what while all configured nodes are active. */
    RunnerRule configured() {
        return rings.configured();
    }

    void onDaemonGone(long nowNanos) {
        rings.onDaemonGone(nowNanos);
    }

    void onTick(long nowNanos) {
        if (rings.onTick(nowNanos)) {
            use();
            journal.warn(LogEvent.RING_OF_ONE, rings.dataTimeoutNanos() / 1_000_000);
        }
        shares.countOverdue(precheck);
    }

    private void use() {
        precheck.use(rings.rule());
        notifications.use(rings.rule(), rings.sight());
        shares.count(rings.rule());
        port.wake();
    }
}
