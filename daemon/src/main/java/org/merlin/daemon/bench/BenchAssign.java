package org.merlin.daemon.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/** How checks are shared among peers: what it costs, how even it is, and what moves when one goes. In this process. */
public final class BenchAssign {
    private static final int SERVICES_PER_HOST = 7;
    private static final int ROUNDS = 20;
    private static final double NANOS = 1e9;

    private BenchAssign() {}

    /**
     * Measures once.
     *
     * @param services how many; a host has seven
     * @param peers how many
     */
    public static AssignReport run(int services, int peers) {
        List<MonitoredObject> objects = objects(services);
        List<List<String>> groups = Collections.nCopies(objects.size(), List.of());
        long begun = System.nanoTime();
        SlotTable slots = SlotTable.of(objects, groups, List.of());
        double tableSeconds = (System.nanoTime() - begun) / NANOS;
        List<String> names = IntStream.range(0, peers)
                .mapToObj(peer -> String.format(Locale.ROOT, "peer%03d", peer))
                .toList();
        PeerRing all = PeerRing.of(names);
        RunnerRule rule = new RunnerRule(names.get(0), RingView.settled(all), Map.of(), Map.of());
        long decisions = 0;
        long mine = 0;
        long deciding = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < objects.size(); i++) {
                mine += rule.runs(slots, i) ? 1 : 0;
                decisions++;
            }
        }
        double seconds = (System.nanoTime() - deciding) / NANOS;
        Map<String, Long> shares = shares(slots, objects.size(), all);
        return new AssignReport(
                services,
                objects.size() - services,
                peers,
                BenchReport.rounded(tableSeconds),
                BenchReport.rounded(seconds),
                Math.round(decisions / seconds),
                mine / ROUNDS,
                Collections.min(shares.values()),
                Collections.max(shares.values()),
                moved(slots, objects.size(), all, names));
    }

    private static List<MonitoredObject> objects(int services) {
        List<MonitoredObject> objects = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            String host = "host" + i / SERVICES_PER_HOST;
            if (i % SERVICES_PER_HOST == 0) {
                objects.add(MonitoredObject.ofHost(host));
            }
            objects.add(MonitoredObject.ofService(host, "service " + i % SERVICES_PER_HOST));
        }
        return objects;
    }

    private static Map<String, Long> shares(SlotTable slots, int objects, PeerRing ring) {
        Map<String, Long> shares = new HashMap<>();
        ring.names().forEach(name -> shares.put(name, 0L));
        IntStream.range(0, objects).forEach(i -> shares.merge(ring.runner(slots.slot(i)), 1L, Long::sum));
        return shares;
    }

    private static long moved(SlotTable slots, int objects, PeerRing all, List<String> names) {
        if (names.size() == 1) {
            return 0;
        }
        PeerRing less = PeerRing.of(names.subList(0, names.size() - 1));
        return IntStream.range(0, objects)
                .filter(i -> !all.runner(slots.slot(i)).equals(less.runner(slots.slot(i))))
                .count();
    }
}
