package org.merlin.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.Precheck;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Loads and compiles what the module needs first while the scheduler still reads its configuration: of the time that the module adds
 * to the scheduler's start, half was spent with code that ran for the first time. Any thread; leaves nothing behind.
 */
public final class WarmUp implements Runnable {
    private static final int HOSTS = 150;
    private static final int SERVICES_PER_HOST = 10;
    private static final int ROUNDS = 300;

    @Override
    public void run() {
        events();
        shares();
    }

    private static void events() {
        EventCodec codec = new EventCodec();
        CheckResult result = new CheckResult(
                MonitoredObject.ofService("host", "service"),
                0,
                StateType.HARD,
                1,
                3,
                CheckType.ACTIVE,
                new Output("OK", "", "time=0s"),
                new Timing(1, 2, 3, 4, 5),
                new History(0, 0, 0, 0, LastTimes.NEVER, 0, 0, 0, 0, false, 0, 0),
                NotificationCount.NONE);
        for (int i = 0; i < ROUNDS; i++) {
            try {
                codec.decode(EventCodec.typeOf(result), codec.encode(result));
            } catch (MalformedPacketException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void shares() {
        List<MonitoredObject> objects = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            objects.add(MonitoredObject.ofHost("host" + host));
            for (int service = 0; service < SERVICES_PER_HOST; service++) {
                objects.add(MonitoredObject.ofService("host" + host, "service" + service));
            }
        }
        SlotTable slots = SlotTable.of(
                objects, objects.stream().map(any -> List.<String>of()).toList(), List.<Selection>of());
        RunnerRule rule = new RunnerRule("a", RingView.settled(PeerRing.of(List.of("a", "b"))), Map.of(), Map.of());
        new ObjectIndex(slots);
        new KnownStates(slots, 1, new int[slots.size()]);
        new Precheck(slots, rule, new Precheck.Expiry(60, 30), System::nanoTime);
    }
}
