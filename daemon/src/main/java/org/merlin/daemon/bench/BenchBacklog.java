package org.merlin.daemon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A node is away while events come, returns, and is given them: three peers, of which one sends, one is away, and one gets live events at a
 * rate all the time.
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
     * @param liveRate events a second that the third node gets while the second is given its backlog
     */
    public static BacklogReport run(BenchSettings settings, long liveRate, Consumer<String> log) throws IOException {
        List<String> names = List.of(FROM, AWAY, LIVE);
        try (BenchNodes nodes = new BenchNodes(settings, names, names)) {
            BenchProcess from = nodes.startDaemon(FROM);
            BenchProcess away = nodes.startDaemon(AWAY);
            nodes.startDaemon(LIVE);
            Sender load = new Sender(nodes.startScheduler("load", FROM), settings);
            Counter back = new Counter(nodes.startScheduler("count", AWAY));
            Counter live = new Counter(nodes.startScheduler("live", LIVE));
            nodes.settle(names);
            log.accept("Warming up with " + settings.warmUp() + " events ...");
            send(load, settings.warmUp(), 0, live, back);
            back.clear();

            log.accept("Filling with " + settings.events() + " events while a node is away ...");
            nodes.stop(away);
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
            nodes.startDaemon(AWAY);
            long owed = settings.events() + idleEvents;
            back.await(1);
            Map<String, Double> before = nodes.cpu();
            back.await(owed);
            long replayedNanos = System.nanoTime();
            Map<String, Double> cpu = nodes.cpuSince(before);
            load.stop();
            long sentMeanwhile = load.await();
            live.await(sentMeanwhile);
            back.await(owed + sentMeanwhile);
            live.report(latencies);
            Counter.Tally tally = back.report(nodes.folder().resolve("replayed"));
            Counter.Tally replayed = new Counter.Tally(
                    tally.received() - sentMeanwhile,
                    tally.duplicated(),
                    tally.outOfOrder(),
                    tally.firstNanos(),
                    replayedNanos);
            return new BacklogReport(
                    BenchReport.of(
                            settings,
                            owed,
                            replayed,
                            1,
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
