package org.merlin.module;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.merlin.module.ipc.Dialer;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.time.NanoClock;

/** The whole module without its threads: somebody else gives it its turns. For simulations; lies here to see the module's inside. */
public final class SteppedBroker {
    private final BrokerModule module;

    public SteppedBroker(
            Supplier<MerlinConf> conf,
            SchedulerPort port,
            Memory memory,
            int[] revisionsByIndex,
            Clock wall,
            NanoClock clock,
            Dialer dialer) {
        module = BrokerModule.assemble(conf.get(), conf::get, port, memory, revisionsByIndex, wall, clock, dialer);
    }

    /** What the scheduler sees of it. */
    public Broker broker() {
        return module;
    }

    public int[] revisions() {
        return module.revisions();
    }

    /** A turn of the sender's thread. */
    public void step() {
        module.link().step();
    }

    /** The scheduler's process is killed. */
    public void kill() {
        module.abandon();
    }

    public RunnerRule rule() {
        return module.rule();
    }

    public boolean runsHere(int index) {
        return module.runsHere(index);
    }

    /** How far each stream has gone into the scheduler's state. */
    public List<Memory.Applied> applied() {
        return module.memory().get().applied();
    }
}
