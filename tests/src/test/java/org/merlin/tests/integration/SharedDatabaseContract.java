package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.cli.AdminClient;
import org.merlin.daemon.sink.SinkView;
import org.merlin.tests.database.FenceAudit;

/** Two masters that share one database, one of which writes, while changes of state come in all the time. */
abstract class SharedDatabaseContract {
    static final int PER_SECOND = Integer.getInteger("merlin.database.rate", 500);

    private static final NumberedChanges CHANGES = new NumberedChanges(50);

    @TempDir
    private Path folder;

    private RealCluster cluster;

    /** The section for a node's merlin.conf, with 3 s until a takeover. */
    abstract String section(String node) throws Exception;

    /** Rows of a query, columns between bars. */
    abstract List<String> rows(String sql) throws Exception;

    abstract void execute(String sql) throws Exception;

    /** Does something to the database itself, or nothing. */
    abstract void harm(SplittableRandom random) throws Exception;

    @BeforeEach
    void start() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        cluster.node("m1");
        String objects = cluster.basics() + CHANGES.objects();
        cluster.configure("m1", section("m1") + cluster.node("m2").section("peer", ""), objects);
        cluster.configure("m2", section("m2") + cluster.node("m1").section("peer", ""), objects);
        cluster.start();
        until("a writer", () -> !writer().isEmpty());
        execute(FenceAudit.TABLE);
        execute(FenceAudit.TRIGGER);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    RealNode node(String name) throws IOException {
        return cluster.node(name);
    }

    RealCluster cluster() {
        return cluster;
    }

    static String other(String node) {
        return node.equals("m1") ? "m2" : "m1";
    }

    /** The node that writes, by the lease; empty if none does, or the database does not say. */
    String writer() throws Exception {
        try {
            List<String> holders = rows("SELECT holder FROM sink_lease");
            return holders.isEmpty() ? "" : holders.get(0);
        } catch (SQLException e) {
            return ""; // no tables yet, or no database just now
        }
    }

    /** Waits until a node's writer says that it is in a state; returns what it says. */
    SinkView untilSink(String node, String state) throws IOException {
        AdminClient daemon = new AdminClient(node(node).state().resolve("admin.sock"));
        return await(node + "'s writer " + state)
                .atMost(RealCluster.SOON)
                .ignoreExceptions() // a daemon that was just started
                .until(() -> daemon.sinks().get(0), sink -> sink.state().equals(state));
    }

    /** How many changes are in the database. */
    int changes() throws Exception {
        return Integer.parseInt(
                rows("SELECT COUNT(*) FROM report_data WHERE event_type = 701").get(0));
    }

    /** Changes from now on, until it is closed. */
    PassiveFeed feed() throws IOException {
        return new PassiveFeed(cluster.node("m1").state().resolve("command.pipe"), PER_SECOND, CHANGES::line);
    }

    /** Row by row what was fed, each row once, and never two writers; returns how many there were. */
    int untilAllIsWritten(int changes) throws Exception {
        String count = "SELECT COUNT(*) FROM report_data WHERE event_type = 701";
        await("rows of " + changes + " changes")
                .atMost(Duration.ofSeconds(
                        60 + changes / 10_000)) // where writers die as soon as they write, most is left
                .until(() -> rows(count), List.of(Integer.toString(changes))::equals);
        assertThat(rows(NumberedChanges.HISTORY)).isEqualTo(CHANGES.history(changes));
        assertThat(rows(NumberedChanges.STATES)).isEqualTo(CHANGES.states(changes));
        return FenceAudit.writers(rows(FenceAudit.ROWS));
    }

    /** Until the other one has taken over, or for some changes, fewer than it takes for that. */
    private void outage(boolean untilTakenOver, String writing, PassiveFeed feed, SplittableRandom random) {
        if (untilTakenOver) {
            until("a takeover", () -> !writer().isEmpty() && !writer().equals(writing));
        } else {
            int goal = feed.written() + random.nextInt(PER_SECOND * 3 / 2);
            until("some changes", () -> feed.written() >= goal);
        }
    }

    @Test
    void whoeverIsKilledOrFrozenEachChangeIsThereOnceAndTheNewestStateCounts() throws Exception {
        SplittableRandom random = new SplittableRandom(Long.getLong("merlin.database.seed", 1));
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("merlin.kills.seconds", 20)).toNanos();
        PassiveFeed feed = feed();
        try (feed) {
            while (System.nanoTime() < end) {
                String writing = writer();
                RealNode node = cluster.node(writing.isEmpty() || random.nextInt(3) == 0 ? "m2" : writing);
                if (random.nextInt(3) == 0) {
                    node.freezeDaemon(() -> outage(node.name().equals(writing), writing, feed, random));
                } else {
                    node.killDaemon();
                    outage(random.nextBoolean() && node.name().equals(writing), writing, feed, random);
                    node.startDaemon();
                }
                harm(random);
                until("a writer", () -> !writer().isEmpty());
            }
        }
        untilAllIsWritten(feed.total());
    }

    @Test
    void aWriterThatIsStoppedHandsOverAtOnce() throws Exception {
        String first = writer();
        untilSink(other(first), "standby");
        AdminClient standby = new AdminClient(cluster.node(other(first)).state().resolve("admin.sock"));
        until( // its first look may have been before the other's takeover
                "its standby names it",
                () -> standby.cluster().databases().get(0).writer().equals(first));
        assertThat(standby.cluster().databases())
                .singleElement()
                .satisfies(database -> assertThat(database.state()).isEqualTo("standby"));
        cluster.node(first).stopDaemon();
        await("the other one writes")
                .atMost(Duration.ofMillis(2_900)) // less than failover_timeout
                .until(this::writer, other(first)::equals);
    }
}
