package org.merlin.module;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.wire.PacketCursor;

/** What a module says of itself and its scheduler when it comes to its daemon. */
final class Introduction {
    private Introduction() {}

    static NodeInfo of(MerlinConf conf, SchedulerPort port, SlotTable slots, int epoch, Instant started) {
        int hosts = port.objects().hosts();
        return new NodeInfo(
                1,
                PacketCursor.VERSION,
                NodeInfo.OUR_WORD_SIZE,
                NodeInfo.OUR_LITTLE_ENDIAN,
                port.description(),
                0,
                epoch,
                ChronoUnit.MICROS.between(Instant.EPOCH, started),
                port.objects().stamp(),
                NodeInfo.Counts.NONE,
                (int) conf.pulseInterval().toMillis(),
                NodeInfo.listsOf(slots.hashes()),
                List.of(),
                hosts,
                slots.size() - hosts,
                conf.blockedHostgroups());
    }
}
