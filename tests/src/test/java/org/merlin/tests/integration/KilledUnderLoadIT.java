package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.bench.BenchNodes;
import org.merlin.daemon.bench.BenchProcess;
import org.merlin.daemon.bench.BenchSettings;
import org.merlin.daemon.bench.Counter;
import org.merlin.daemon.bench.Sender;

/**
 * Two nodes of real processes, one scheduler that sends and one that counts, and daemons that are killed, frozen and started again
 * meanwhile: what was sent arrives, once and in order, by the schedulers' own count.
 */
class KilledUnderLoadIT {
    private static final String FROM = "a";
    private static final String TO = "b";
    private static final long RATE = 10_000;

    private BenchNodes nodes;
    private BenchProcess sending;
    private BenchProcess receiving;
    private Sender load;
    private Counter count;

    @BeforeEach
    void start() throws IOException {
        BenchSettings settings = new BenchSettings(0, 0, 300, true, 1000, 0, RealNode.HOME.resolve("bin"));
        nodes = new BenchNodes(settings, List.of(FROM, TO), List.of(FROM, TO));
        sending = nodes.startDaemon(FROM);
        receiving = nodes.startDaemon(TO);
        load = new Sender(nodes.startScheduler("load", FROM), settings);
        count = new Counter(nodes.startScheduler("count", TO));
        nodes.settle(List.of(FROM, TO));
    }

    @AfterEach
    void stop() throws IOException {
        nodes.close();
    }

    private BenchProcess again(BenchProcess process, String node) throws IOException, InterruptedException {
        process.signal("KILL");
        nodes.stop(process);
        return nodes.startDaemon(node);
    }

    private static void pause(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private void allArrived(long events) throws IOException {
        assertThat(count.await(events)).isEqualTo(events);
        Counter.Tally tally = count.report(nodes.folder().resolve("latencies"));
        assertThat(tally.received()).isEqualTo(events);
        assertThat(tally.duplicated()).isZero();
        assertThat(tally.outOfOrder()).isZero();
    }

    @Test
    void aKilledSendersBacklogOfFiftyThousandEventsArrives() throws Exception {
        receiving.signal("KILL");
        nodes.stop(receiving);
        load.send(50_000, 0);
        assertThat(load.await()).isEqualTo(50_000);
        sending = again(sending, FROM);
        receiving = nodes.startDaemon(TO);
        allArrived(50_000);
    }

    @Test
    void aReceiverThatIsKilledUnderLoadMissesNothing() throws Exception {
        long events = 8 * RATE;
        load.send(events, RATE);
        for (int i = 0; i < 3; i++) {
            pause(1_500);
            receiving = again(receiving, TO);
        }
        allArrived(events);
    }

    @Test
    void aReceiverThatFreezesAndDiesMissesNothing() throws Exception {
        long events = 7 * RATE;
        load.send(events, RATE);
        pause(1_000);
        receiving.signal("STOP");
        pause(3_000);
        receiving = again(receiving, TO);
        allArrived(events);
    }

    @Test
    void daemonsThatAreKilledAtRandomLoseNothing() throws Exception {
        long seconds = Long.getLong("merlin.kill.seconds", 15);
        Random random = new Random();
        load.send((seconds + 2) * RATE, RATE);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < until) {
            pause(200 + random.nextInt(2_500));
            if (random.nextBoolean()) {
                sending = again(sending, FROM);
            } else {
                receiving = again(receiving, TO);
            }
        }
        allArrived((seconds + 2) * RATE);
    }
}
