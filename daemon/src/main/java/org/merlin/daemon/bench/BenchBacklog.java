package org.merlin.daemon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Nodes are away while events come, return, and are given them: peers, of which one sends, some are away, and one gets live events at a rate
 * all the time.
 */
public final class BenchBacklog {
    private static final String FROM = "a";
    private static final String AWAY = "b";
    private static final String LIVE = "c";
    private static final int IDLE_SECONDS = 5;
    private static final int MOST_SECONDS = 3600;

    private BenchBacklog() {}

    /**
     * Measures once.
     *
     * @param liveRate events a second that the last node gets while others are given their backlogs
     * @param awayCount how many are away
     */
    public static BacklogReport run(BenchSettings settings, long liveRate, int awayCount, Consumer<String> log)
            throws IOException {
        List<String> awayNames =
                IntStream.range(0, awayCount).mapToObj(i -> AWAY + i).toList();
        List<String> names = new ArrayList<>(List.of(FROM, LIVE));
        names.addAll(awayNames);
        try (BenchNodes nodes = new BenchNodes(settings, names, names)) {
            BenchProcess from = nodes.startDaemon(FROM);
            nodes.startDaemon(LIVE);
            List<BenchProcess> away = new ArrayList<>();
            List<Counter> back = new ArrayList<>();
            Sender load = new Sender(nodes.startScheduler("load", FROM), settings);
            for (String name : awayNames) {
                away.add(nodes.startDaemon(name));
                back.add(new Counter(nodes.startScheduler("count_" + name, name)));
            }
            Counter live = new Counter(nodes.startScheduler("live", LIVE));
            nodes.settle(names);
            log.accept("Warming up with " + settings.warmUp() + " events ...");
            List<Counter> all = new ArrayList<>(back);
            all.add(live);
            send(load, settings.warmUp(), 0, all.toArray(Counter[]::new));
            for (Counter each : back) {
                each.clear();
            }

            log.accept("Filling with " + settings.events() + " events while " + awayCount + " of " + names.size()
                    + " nodes are away ...");
            away.forEach(nodes::stop);
            double anonymousBefore = from.memoryMb("RssAnon");
            long bytesBefore = nodes.logBytes(FROM);
            long filling = System.nanoTime();
            send(load, settings.events(), 0, live);
            double fillSeconds = (System.nanoTime() - filling) / 1e9;
            double grown = from.memoryMb("RssAnon") - anonymousBefore;
            double bytesPerEvent = (nodes.logBytes(FROM) - bytesBefore) / (double) settings.events();

            long idleEvents = liveRate * IDLE_SECONDS;
            send(load, idleEvents, liveRate, live);
            Path latencies = nodes.folder().resolve("latencies");
            live.report(latencies);
            BenchReport.Latency idle = Latencies.of(latencies);
            live.clear();

            log.accept("Giving them to it ...");
            load.send(liveRate * MOST_SECONDS, liveRate);
            for (String name : awayNames) {
                nodes.startDaemon(name);
            }
            long owed = settings.events() + idleEvents;
            back.get(0).await(1);
            Map<String, Double> before = nodes.cpu();
            for (Counter each : back) {
                each.await(owed);
            }
            long replayedNanos = System.nanoTime();
            Map<String, Double> cpu = nodes.cpuSince(before);
            load.stop();
            long sentMeanwhile = load.await();
            live.await(sentMeanwhile);
            live.report(latencies);
            List<Counter.Tally> tallies = new ArrayList<>();
            for (Counter each : back) {
                each.await(owed + sentMeanwhile);
                tallies.add(each.report(nodes.folder().resolve("replayed")));
            }
            Counter.Tally replayed = new Counter.Tally(
                    sum(tallies, Counter.Tally::received) - sentMeanwhile * awayCount,
                    sum(tallies, Counter.Tally::duplicated),
                    sum(tallies, Counter.Tally::outOfOrder),
                    tallies.stream().mapToLong(Counter.Tally::firstNanos).min().orElseThrow(),
                    replayedNanos);
            return new BacklogReport(
                    BenchReport.of(
                            settings,
                            owed,
                            replayed,
                            awayCount,
                            replayedNanos - replayed.firstNanos(),
                            cpu,
                            nodes,
                            Latencies.of(latencies)),
                    idle,
                    Math.round(settings.events() / fillSeconds),
                    BenchReport.rounded(bytesPerEvent),
                    BenchReport.rounded(grown));
        }
    }

    private static long sum(List<Counter.Tally> tallies, ToLongFunction<Counter.Tally> figure) {
        return tallies.stream().mapToLong(figure).sum();
    }

    private static void send(Sender load, long events, long rate, Counter... counters) throws IOException {
        for (Counter counter : counters) {
            counter.clear();
        }
        if (events > 0) {
            load.send(events, rate);
            for (Counter counter : counters) {
                counter.await(events);
            }
            load.await();
        }
    }
}
