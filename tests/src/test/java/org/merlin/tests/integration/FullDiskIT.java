package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.bench.BenchSite;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.NodeView;
import org.merlin.tests.faults.SmallDisk;

/**
 * A daemon whose disk fills up while events come: it stops before the disk does, says so once, and goes on when there is room; what was
 * sent arrives once and in order, or is counted. Where no disk can be mounted the tests are skipped, and say so.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Below that the log takes nothing. */
    private static final int KEPT_FREE = 64;

    /** Below that the module's file takes nothing. */
    private static final int KEPT_BY_OUTBOX = 15;

    private static final int DISK = 280;
    private static final int OTHERS = 170;
    /** Some 80 MiB in a log: more than there is room for while others have theirs. */
    private static final long EVENTS = 240_000;

    private static final String KEEP_ALL = "backlog_min_free = 1M;\n";

    @TempDir
    private Path folder;

    private SmallDisk disk;
    private SendingPair pair;

    @BeforeEach
    void mount() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("disk"));
        String missing = SmallDisk.missing(empty);
        assumeThat(missing).as(missing).isEmpty();
        disk = new SmallDisk(empty, DISK);
        disk.othersWrite(OTHERS);
    }

    @AfterEach
    void unmount() throws IOException {
        if (pair != null) {
            pair.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    /** One of the nodes has its state_dir on the small disk. */
    private void start(String small, String conf) throws IOException {
        pair = new SendingPair(
                new BenchSite() {
                    @Override
                    public Path state(String node, Path otherwise) {
                        return node.equals(small)
                                ? disk.folder().resolve("state")
                                : BenchSite.super.state(node, otherwise);
                    }

                    @Override
                    public String conf(String node) {
                        return node.equals(small) ? conf : "";
                    }
                },
                List.of(SendingPair.FROM, SendingPair.TO));
    }

    private ClusterView view(String node) {
        return pair.nodes().view(node).orElseThrow();
    }

    private long lines(String node, String code) throws IOException {
        return pair.log(node).lines().filter(line -> line.contains(code)).count();
    }

    private void isFull(String node, int leastFree) throws IOException {
        await().atMost(PATIENCE).until(() -> !view(node).log().roomy());
        KilledUnderLoadIT.pause(3_000); // it tries each second
        assertThat(view(node).log().roomy()).isFalse();
        assertThat(disk.freeMebibytes()).isBetween(leastFree, KEPT_FREE);
        assertThat(lines(node, "MRL-1050")).isEqualTo(1);
    }

    private void goesOn(String node) throws IOException {
        disk.othersDelete();
        await().atMost(PATIENCE).until(() -> view(node).log().roomy());
        assertThat(lines(node, "MRL-1051")).isEqualTo(1);
    }

    private void allArriveButWhatIsCounted(long events) throws IOException {
        pair.arrived(events);
        assertThat(pair.dropped()).isPositive();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pair.given() + pair.dropped())
                        .as("given, and counted as dropped")
                        .isEqualTo(events));
    }

    @Test
    void aReceiverWithoutRoomTakesNothingAndMissesNothing() throws Exception {
        start(SendingPair.TO, KEEP_ALL);
        pair.counting().signal("STOP"); // or the log could let go of what it was given
        pair.send(EVENTS, 0);
        assertThat(pair.sent()).isEqualTo(EVENTS);
        isFull(SendingPair.TO, KEPT_FREE - 8);
        assertThat(pair.sees(SendingPair.FROM, SendingPair.TO).map(NodeView::state))
                .as("they go on seeing each other")
                .isIn(Optional.of("connected"), Optional.of("active"));
        goesOn(SendingPair.TO);
        pair.counting().signal("CONT");
        pair.allArrived(EVENTS);
    }

    @Test
    void aSenderWithoutRoomLetsItsModuleKeepWhatItCanAndCountTheRest() throws Exception {
        start(SendingPair.FROM, KEEP_ALL);
        pair.killReceiving();
        long events = 2 * EVENTS; // the log, the outbox in memory and its file together hold fewer
        pair.send(events, 40_000);
        await().atMost(PATIENCE).until(() -> pair.dropped() > 0);
        isFull(SendingPair.FROM, KEPT_BY_OUTBOX);
        pair.startReceiving();
        goesOn(SendingPair.FROM);
        allArriveButWhatIsCounted(events);
    }

    @Test
    void aBacklogThatFillsTheDiskLosesItsOldestEventsWhichAreCounted() throws Exception {
        start(SendingPair.FROM, "");
        pair.killReceiving();
        pair.send(EVENTS, 0);
        assertThat(pair.sent()).as("others are served meanwhile").isEqualTo(EVENTS);
        pair.startReceiving();
        allArriveButWhatIsCounted(EVENTS);
    }

    @Test
    void aLogThatFillsTheDiskItselfLetsGoOfWhatNobodyNeeds() throws IOException {
        start(SendingPair.FROM, KEEP_ALL);
        pair.send(2 * EVENTS, 0);
        assertThat(pair.sent()).isEqualTo(2 * EVENTS);
        pair.allArrived(2 * EVENTS);
    }
}
