package org.merlin.module.quartz;

import java.io.IOException;
import java.time.Clock;
import org.merlin.module.Broker;
import org.merlin.module.Memory;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/** Starts a module. */
@FunctionalInterface
public interface BrokerFactory {
    /**
     * Starts a module for a scheduler whose objects are loaded.
     *
     * @param memory what the module had to remember when the scheduler's states were kept
     * @param revisionsByIndex the objects' revisions in these states
     */
    Broker start(
            MerlinConf conf, SchedulerPort port, Memory memory, int[] revisionsByIndex, Clock wall, NanoClock clock)
            throws IOException;
}
