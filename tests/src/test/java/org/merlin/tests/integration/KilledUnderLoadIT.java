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
import org.merlin.daemon.bench.BenchSite;

/**
 * Two nodes of real processes, one scheduler that sends and one that counts, and daemons that are killed, frozen and started again
 * meanwhile: what was sent arrives, once and in order, by the schedulers' own count.
 */
class KilledUnderLoadIT {
    private static final long RATE = 10_000;

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
    void daemonsThatAreKilledAtRandomLoseNothing() throws Exception {
        long seconds = Long.getLong("merlin.kill.seconds", 15);
        Random random = new Random();
        pair.send((seconds + 2) * RATE, RATE);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < until) {
            pause(200 + random.nextInt(2_500));
            if (random.nextBoolean()) {
                pair.killSending();
                pair.startSending();
            } else {
                pair.killReceiving();
                pair.startReceiving();
            }
        }
        pair.allArrived((seconds + 2) * RATE);
    }
}
