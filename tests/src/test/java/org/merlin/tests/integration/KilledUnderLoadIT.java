package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.bench.BenchProcess;
import org.merlin.daemon.bench.BenchSite;

/**
 * Two nodes of real processes, one scheduler that sends and one that counts, and daemons that are killed, frozen and started again
 * meanwhile: what was sent arrives, once and in order, by the schedulers' own count.
 */
class KilledUnderLoadIT {
    private static final long RATE = 10_000;
    /** In milliseconds: longer than data_timeout. */
    private static final int LONGEST_FREEZE = 8_000;

    private SendingPair pair;

    @BeforeEach
    void start() throws IOException {
        pair = new SendingPair(BenchSite.LOOPBACK, List.of(SendingPair.FROM, SendingPair.TO));
    }

    @AfterEach
    void stop() throws IOException {
        pair.close();
    }

    /** Lets time pass. */
    static void pause(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    @Test
    void aKilledSendersBacklogOfFiftyThousandEventsArrives() throws Exception {
        pair.killReceiving();
        pair.send(50_000, 0);
        assertThat(pair.sent()).isEqualTo(50_000);
        pair.killSending();
        pair.startSending();
        pair.startReceiving();
        pair.allArrived(50_000);
    }

    @Test
    void aReceiverThatIsKilledUnderLoadMissesNothing() throws Exception {
        long events = 8 * RATE;
        pair.send(events, RATE);
        for (int i = 0; i < 3; i++) {
            pause(1_500);
            pair.killReceiving();
            pair.startReceiving();
        }
        pair.allArrived(events);
    }

    @Test
    void aReceiverThatFreezesAndDiesMissesNothing() throws Exception {
        long events = 7 * RATE;
        pair.send(events, RATE);
        pause(1_000);
        pair.receiving().signal("STOP");
        pause(3_000);
        pair.killReceiving();
        pair.startReceiving();
        pair.allArrived(events);
    }

    @Test
    void daemonsThatAreKilledAndProcessesThatAreFrozenAtRandomLoseNothing() throws Exception {
        killAndFreeze(Long.getLong("merlin.kill.seconds", 20));
    }

    @Test
    @Tag("long")
    void theSameForTenMinutes() throws Exception {
        killAndFreeze(600);
    }

    private void killAndFreeze(long seconds) throws Exception {
        long seed = Long.getLong("merlin.kill.seed", System.nanoTime());
        System.out.println("seed " + seed + ": -Dmerlin.kill.seed=" + seed + " does the same again");
        Random random = new Random(seed);
        long events = (seconds + 2) * RATE;
        int kills = 0;
        int freezes = 0;
        pair.send(events, RATE);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < until) {
            pause(200 + random.nextInt(2_500));
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    pair.killSending();
                    pair.startSending();
                    kills++;
                }
                case 2, 3 -> {
                    pair.killReceiving();
                    pair.startReceiving();
                    kills++;
                }
                default -> {
                    freeze(random.nextInt(4), 100 + random.nextInt(random.nextInt(LONGEST_FREEZE)));
                    freezes++;
                }
            }
        }
        pair.arrived(events);
        String end =
                "seed " + seed + ": " + kills + " kills, " + freezes + " freezes in " + seconds + " s: sent " + events;
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(pair.given() + pair.dropped()).as(end).isEqualTo(events));
        System.out.println(end + ", given " + pair.given() + ", counted as dropped " + pair.dropped());
    }

    private void freeze(int which, long millis) throws IOException, InterruptedException {
        BenchProcess process = List.of(pair.sending(), pair.receiving(), pair.loading(), pair.counting())
                .get(which);
        process.signal("STOP");
        pause(millis);
        process.signal("CONT");
    }
}
