package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.daemon.bench.BenchSite;
import org.merlin.daemon.status.NodeView;

/**
 * Two nodes of real processes under load, and what is between them fails: what was sent arrives, once and in order, by the schedulers' own
 * count, and a link that is dead is found within {@code data_timeout}.
 */
abstract class CutLinkContract {
    static final long RATE = 5_000;

    /** By default, 5 s, and what it takes to look: daemons each 100 ms, we too. */
    private static final Duration FOUND_WITHIN = Duration.ofMillis(5_000 + 1_500);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private SendingPair pair;

    /** Sets up what is between the nodes. */
    abstract BenchSite between() throws IOException;

    /** Names of the nodes that dial. */
    abstract List<String> dialling();

    /** Lets nothing pass. */
    abstract void cut() throws IOException;

    /** Lets nothing pass to a node; what it says passes. */
    abstract void cutTowards(String node) throws IOException;

    /** Lets all pass. */
    abstract void heal() throws IOException;

    /** Takes it down. */
    abstract void takeDown() throws IOException;

    @BeforeEach
    void start() throws IOException {
        pair = new SendingPair(between(), dialling());
    }

    @AfterEach
    void stop() throws IOException {
        if (pair != null) {
            pair.close();
        }
        takeDown();
    }

    SendingPair pair() {
        return pair;
    }

    private boolean gone(String from, String other) {
        return pair.sees(from, other).filter(node -> !node.active()).isPresent();
    }

    private void bothSeeEachOtherGo() {
        await().atMost(PATIENCE).until(() -> gone(SendingPair.FROM, SendingPair.TO));
        await().atMost(PATIENCE).until(() -> gone(SendingPair.TO, SendingPair.FROM));
    }

    void meetAgain() {
        await().atMost(PATIENCE).until(pair::connected);
    }

    @Test
    void whatIsSentWhileTheLinkIsCutArrivesOnceAndInOrder() throws IOException {
        long events = 20 * RATE;
        pair.send(events, RATE);
        for (int i = 0; i < 2; i++) {
            cut();
            bothSeeEachOtherGo();
            assertThat(pair.sees(SendingPair.FROM, SendingPair.TO).map(NodeView::state))
                    .isNotEqualTo("connected");
            heal();
            meetAgain();
        }
        pair.allArrived(events);
    }

    @ParameterizedTest
    @ValueSource(strings = {SendingPair.FROM, SendingPair.TO})
    void aLinkThatIsCutOneWayIsFoundWithinDataTimeoutAndLosesNothing(String towards) throws IOException {
        long events = 12 * RATE;
        pair.send(events, RATE);
        long begun = System.nanoTime();
        cutTowards(towards);
        bothSeeEachOtherGo();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("until both knew that nothing comes to %s", towards)
                .isBetween(Duration.ofSeconds(2), FOUND_WITHIN);
        heal();
        meetAgain();
        pair.allArrived(events);
    }
}
