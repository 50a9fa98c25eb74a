package org.merlin.module;

import java.util.List;
import java.util.function.Consumer;
import org.merlin.module.hook.Precheck;
import org.merlin.module.ipc.Journal;
import org.merlin.module.ipc.LogEvent;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.SlotTable;

/**
 * Reads merlin.conf anew when the daemon has, and hands what it says of other nodes to all that go by it, with no restart of the
 * scheduler. A file that is wrong changes nothing. Confined to the sender's thread.
 */
final class ConfInUse {
    private final Source source;
    private final int checkTimeoutSeconds;
    private final LoadedObjects loaded;
    private final SlotTable slots;
    private final RingsInUse rings;
    private final Shared shared;
    private final Precheck precheck;
    private final SignOfLife signOfLife;
    private final LinkGuest guest;
    private final Consumer<MerlinConf> link;
    private final Journal journal;
    private MerlinConf conf;

    /** Where merlin.conf is read from. */
    @FunctionalInterface
    interface Source {
        /** @throws ConfException if it is wrong, with all its problems */
        MerlinConf read() throws ConfException;
    }

    /** Goes by a configuration that everybody else goes by already. */
    ConfInUse(
            MerlinConf conf,
            Source source,
            SchedulerPort port,
            SlotTable slots,
            RingsInUse rings,
            Shared shared,
            Precheck precheck,
            SignOfLife signOfLife,
            LinkGuest guest,
            Consumer<MerlinConf> link,
            Journal journal) {
        this.conf = conf;
        this.source = source;
        this.checkTimeoutSeconds = port.checkTimeoutSeconds();
        this.loaded = port.objects();
        this.slots = slots;
        this.rings = rings;
        this.shared = shared;
        this.precheck = precheck;
        this.signOfLife = signOfLife;
        this.guest = guest;
        this.link = link;
        this.journal = journal;
    }

    /** The poller groups of a configuration, in its order. */
    static List<Selection> selections(MerlinConf of) {
        return of.nodes(NodeRole.POLLER).stream()
                .map(MerlinConf.Node::selection)
                .distinct()
                .toList();
    }

    static Precheck.Expiry expiry(MerlinConf of, int checkTimeoutSeconds) {
        return new Precheck.Expiry(
                checkTimeoutSeconds, (int) of.sharing().expiryGrace().toSeconds());
    }

    /** Reads the file; returns whether it says something new, of which the daemon is to be told. */
    boolean read() {
        try {
            MerlinConf fresh = source.read();
            if (fresh.equals(conf)) {
                return false;
            }
            if (!sameNode(fresh)) {
                journal.warn(
                        LogEvent.CONF_READ,
                        conf.file(),
                        "node_name, state_dir or ipc_socket are others: restart the scheduler");
                return false;
            }
            use(fresh);
            return true;
        } catch (ConfException e) {
            journal.warn(LogEvent.CONF_READ, conf.file(), e.problems().get(0) + "; what was read before goes on");
            return false;
        }
    }

    private boolean sameNode(MerlinConf fresh) {
        return fresh.nodeName().equals(conf.nodeName())
                && fresh.stateDir().equals(conf.stateDir())
                && fresh.ipc().equals(conf.ipc());
    }

    private void use(MerlinConf fresh) {
        if (!selections(fresh).equals(selections(conf))) {
            slots.regroup(loaded.hostgroups(), selections(fresh));
        }
        conf = fresh;
        precheck.expiry(expiry(fresh, checkTimeoutSeconds));
        signOfLife.within(fresh.dataTimeout().toNanos());
        rings.configure(fresh, slots.hashes());
        shared.configure(fresh, rings.configured());
        guest.introduce(info -> info.configured(
                NodeInfo.listsOf(slots.hashes()), (int) fresh.pulseInterval().toMillis(), fresh.blockedHostgroups()));
        link.accept(fresh);
        journal.info(
                LogEvent.CONF_READ,
                fresh.file(),
                fresh.nodes().size() + " other nodes, " + selections(fresh).size() + " groups of pollers");
    }
}
