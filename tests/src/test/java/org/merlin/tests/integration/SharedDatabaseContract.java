package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.integration.RealCluster.until;

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

/** Two masters that share one database, one of which writes, while changes of state come in all the time. */
abstract class SharedDatabaseContract {
    private static final int SERVICES = 50;
    private static final int PER_SECOND = Integer.getInteger("merlin.database.rate", 500);

    @TempDir
    private Path folder;

    private RealCluster cluster;

    /** The section for a node's merlin.conf, with 3 s until a takeover. */
    abstract String section(String node);

    /** Rows of a query, columns between bars. */
    abstract List<String> rows(String sql) throws Exception;

    /** Does something to the database itself, or nothing. */
    abstract void harm(SplittableRandom random) throws Exception;

    @BeforeEach
    void start() throws Exception {
        cluster = new RealCluster(folder, RealScheduler.Kind.EMBEDDED);
        cluster.node("m1");
        StringBuilder objects = new StringBuilder(cluster.basics());
        objects.append(objects());
        cluster.configure("m1", section("m1") + cluster.node("m2").section("peer", ""), objects.toString());
        cluster.configure("m2", section("m2") + cluster.node("m1").section("peer", ""), objects.toString());
        cluster.start();
        until("a writer", () -> !writer().isEmpty());
    }

    @AfterEach
    void stop() throws InterruptedException {
        cluster.close();
    }

    private String writer() throws Exception {
        try {
            List<String> holders = rows("SELECT holder FROM sink_lease");
            return holders.isEmpty() ? "" : holders.get(0);
        } catch (SQLException e) {
            return ""; // no tables yet, or no database just now
        }
    }

    /** Each result is a change of state: the n-th of a service is bad if n is even. */
    private static String line(int number) {
        int service = number % SERVICES;
        int state = number / SERVICES % 2 == 0 ? 2 : 0;
        return "[" + System.currentTimeMillis() / 1000 + "] PROCESS_SERVICE_CHECK_RESULT;passive;s" + service + ";"
                + state + ";number " + number;
    }

    private static String objects() {
        StringBuilder text = new StringBuilder();
        String rest =
                " check_command check!passive\n max_check_attempts 1\n check_interval 5\n active_checks_enabled 0\n"
                        + " check_period always\n notification_period always\n notifications_enabled 0\n contacts anna\n}\n";
        text.append("define host {\n host_name passive\n alias h\n address 127.0.0.1\n")
                .append(rest);
        for (int i = 0; i < SERVICES; i++) {
            text.append("define service {\n host_name passive\n service_description s")
                    .append(i)
                    .append("\n flap_detection_enabled 0\n")
                    .append(rest);
        }
        return text.toString();
    }

    private void untilAllIsWritten(int lines) throws Exception {
        String counts = "SELECT COUNT(*), COUNT(DISTINCT output) FROM report_data WHERE event_type = 701";
        await("rows of " + lines + " changes")
                .atMost(Duration.ofSeconds(60))
                .until(() -> rows(counts), List.of(lines + "|" + lines)::equals);
        for (int i = 0; i < SERVICES; i++) {
            int last = lines - 1 - Math.floorMod(lines - 1 - i, SERVICES);
            assertThat(rows("SELECT output FROM object_state WHERE service_description = 's" + i + "'"))
                    .containsExactly("number " + last);
        }
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
        PassiveFeed feed = new PassiveFeed(
                cluster.node("m1").state().resolve("command.pipe"), PER_SECOND, SharedDatabaseContract::line);
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
        String other = first.equals("m1") ? "m2" : "m1";
        AdminClient standby = new AdminClient(cluster.node(other).state().resolve("admin.sock"));
        until(
                "the other one to stand by",
                () -> standby.sinks().stream().anyMatch(sink -> sink.state().equals("standby")));
        assertThat(standby.cluster().databases()).singleElement().satisfies(database -> {
            assertThat(database.state()).isEqualTo("standby");
            assertThat(database.writer()).isEqualTo(first);
        });
        cluster.node(first).stopDaemon();
        await("the other one writes")
                .atMost(Duration.ofMillis(2_900)) // less than failover_timeout
                .until(this::writer, other::equals);
    }
}
