package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlCheck;
import org.merlin.daemon.sink.sql.SqlHistory;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.time.NanoClock;

/** Commands that work on the database itself, the same in every kind of it. */
abstract class CommandsContract {
    private static final HostNames NAMES = (host, port) -> List.of(new InetSocketAddress(host, port));

    @TempDir
    protected Path place;

    protected TestDatabase database;
    protected Mon mon;

    abstract TestDatabase database(Path folder) throws Exception;

    @BeforeEach
    void open() throws Exception {
        database = database(place.resolve("database"));
        mon = Mon.of(place, database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void tablesAreMadeOnceAndFoundGood() {
        Mon.Ended before = mon.run("db", "check");
        assertThat(before.status()).as(before.toString()).isEqualTo(2);
        assertThat(before.out()).contains("mon db migrate");
        Mon.Ended first = mon.run("db", "migrate");
        assertThat(first.out() + first.err()).contains("schema 1, 1 step");
        assertThat(mon.run("db", "migrate").out()).contains("nothing to do");
        Mon.Ended good = mon.run("db", "check");
        assertThat(good.status()).as(good.toString()).isZero();
        assertThat(good.out()).contains("schema 1, as this release has it", "takes writes", "its clock is 0.0 s");
        assertThat(mon.run("db", "check", "-o", "json").out()).contains("\"schema\" : \"1\"", "\"severity\" : \"OK\"");
    }

    @Test
    void whatIsMissingIsNamed() throws Exception {
        mon.run("db", "migrate");
        database.execute("ALTER TABLE object_state DROP COLUMN perf_data");
        database.execute("DROP TABLE node_history");
        Mon.Ended ended = mon.run("db", "check");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.out()).contains("table node_history is missing", "column object_state.perf_data is missing");
    }

    @Test
    void aNewerReleasesTablesAreRefused() throws Exception {
        mon.run("db", "migrate");
        database.execute("INSERT INTO merlin_schema SELECT 99, '99', 'later', type, 'V99__later.sql', 1, installed_by,"
                + " installed_on, execution_time, success FROM merlin_schema WHERE version = '1'");
        Mon.Ended ended = mon.run("db", "migrate");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("newer release").doesNotContain("Exception");
        assertThat(mon.run("db", "check").out()).contains("schema 99 is of a newer release; this one knows 1");
    }

    @Test
    void anotherProgramsTablesAreRefused() throws Exception {
        if (mon.run("db", "check").out().contains("merlin.mv.db")) {
            java.nio.file.Files.createDirectories(place.resolve("database"));
        }
        database.execute("CREATE TABLE report_data (id INT PRIMARY KEY, a INT)");
        Mon.Ended ended = mon.run("db", "migrate");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("tables of another program").contains("mon db import");
        assertThat(mon.run("db", "check").out()).contains("critical", "tables of another program", "report_data");
    }

    @Test
    void clocksThatDifferAreSeen() throws Exception {
        mon.run("db", "migrate");
        try (SqlSession session = SqlSession.open(database.conf(), database.folder(), NAMES)) {
            SqlCheck.Report report = SqlCheck.of(session, () -> (System.currentTimeMillis() - 60_000) * 1_000);
            assertThat(report.worst()).isEqualTo(SqlCheck.Severity.WARNING);
            assertThat(report.findings())
                    .anyMatch(finding -> finding.what().matches("its clock is (59|60)\\.. s before ours.*"));
        }
    }

    @Test
    void withoutADatabaseThereIsNothingToDo() throws Exception {
        Mon none = Mon.of(place, database, "enabled = no;");
        assertThat(none.run("db", "check").status()).isEqualTo(3);
        assertThat(none.run("db", "check").err()).contains("has no section database");
    }

    private void report(long sequence, long timestamp, int type, String host, String service, int state)
            throws Exception {
        database.execute(
                "INSERT INTO report_data (origin, epoch, sequence, part, timestamp, happened, event_type, host_name,"
                        + " service_description, state, hard, retry, downtime_depth, output, long_output) VALUES (1, 1, "
                        + sequence
                        + ", 0, " + timestamp + ", '2020-01-01 00:00:00', " + type + ", '" + host + "', '" + service
                        + "', " + state
                        + ", 1, 1, 0, 'text', '')");
    }

    @Test
    void oldHistoryGoesButTheLastOfEachObjectStays() throws Exception {
        mon.run("db", "migrate");
        long now = System.currentTimeMillis() / 1_000;
        long old = now - 400L * 86_400;
        report(1, old, 801, "web1", "", 1);
        report(2, old, 801, "web1", "", 2);
        report(3, old - 5, 801, "web2", "", 1);
        report(4, now - 5, 801, "web2", "", 0);
        report(5, old, 701, "web1", "disk", 1);
        report(6, old, 1103, "web1", "", 0);
        for (int table = 0; table < 2; table++) {
            long time = table == 0 ? old : now;
            database.execute(
                    "INSERT INTO notification (origin, epoch, sequence, notification_type, start_time, start_time_usec,"
                            + " end_time, end_time_usec, contact_name, host_name, service_description, command_name, reason_type, state,"
                            + " output, ack_author, ack_data, escalated) VALUES (1, 1, " + table + ", 0, " + time
                            + ", 0, 0, 0, 'joe', 'web1', '', 'mail', 0, 1, '', '', '', 0)");
            database.execute("INSERT INTO perfdata VALUES (1, 1, " + table + ", " + time + ", 'web1', '', 'a=1')");
            String date = table == 0 ? "2020-01-01 00:00:00" : "2099-01-01 00:00:00";
            database.execute("INSERT INTO node_history VALUES ('m2', '" + date + "', 'ACTIVE', '', 'm1')");
            database.execute("INSERT INTO deleted VALUES (0, 1, 1, " + table + ", '" + date + "')");
        }
        String counts =
                "(?s).*report_data +2 rows.*notification +1 rows.*perfdata +1 rows.*node_history +1 rows.*deleted +1 rows.*";
        Mon.Ended dry = mon.run("db", "purge", "--older-than=1y", "--dry-run");
        assertThat(dry.out() + dry.err()).matches(counts);
        assertThat(database.rows("SELECT sequence FROM report_data")).hasSize(6);
        Mon.Ended ended = Mon.of(place, database, "keep = 365d;").run("db", "purge");
        assertThat(ended.out() + ended.err()).matches(counts);
        assertThat(database.rows("SELECT sequence FROM report_data ORDER BY sequence"))
                .containsExactly("2", "4", "5", "6");
        for (String table : new String[] {"notification", "perfdata", "node_history", "deleted"}) {
            assertThat(database.rows("SELECT COUNT(*) FROM " + table)).containsExactly("1");
        }
    }

    @Test
    void moreThanAPieceGoesToo() throws Exception {
        mon.run("db", "migrate");
        String digits =
                "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6"
                        + " UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
        database.execute(
                "INSERT INTO report_data (origin, epoch, sequence, part, timestamp, happened, event_type, host_name,"
                        + " service_description, state, hard, retry, downtime_depth) SELECT 1, 1, n, 0, n, '2001-01-01 00:00:00', 801,"
                        + " 'h', '', 1, 1, 1, 0 FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d n FROM "
                        + digits + " a, "
                        + digits + " b, " + digits + " c, " + digits + " e) numbers");
        assertThat(mon.run("db", "purge", "--older-than=1y").out()).containsPattern("report_data +9999 rows");
        assertThat(database.rows("SELECT timestamp FROM report_data")).containsExactly("10000");
        assertThat(mon.run("db", "purge", "--older-than=1y").out()).containsPattern("report_data +0 rows");
        assertThat(mon.run("db", "purge").status()).isEqualTo(64);
        assertThat(mon.run("db", "purge", "--older-than=1h").err()).contains("1d is the least");
    }

    @Test
    void theWriterAndWhetherItLivesAreShown() throws Exception {
        mon.run("db", "migrate");
        Mon.Ended nobody = mon.run("db", "failover", "show");
        assertThat(nobody.status()).isEqualTo(1);
        assertThat(nobody.out()).contains("nobody writes");
        database.execute("UPDATE sink_lease SET holder = 'm7', fence = 3, beat = 100");
        Mon.Ended still = mon.run("db", "failover", "show");
        assertThat(still.status()).isEqualTo(1);
        assertThat(still.out()).contains("written by m7 (fence 3, beat 100), its beat stood still for");
        SqlHistory writer = SqlHistory.open(
                database.conf(), database.folder(), "m1", NanoClock.SYSTEM, () -> System.currentTimeMillis() * 1_000);
        try (writer) {
            await().atMost(Duration.ofSeconds(20)).until(writer::hold);
            Thread holding = new Thread(() -> {
                while (!Thread.interrupted() && holds(writer)) {}
            });
            holding.start();
            Mon.Ended moving = mon.run("db", "failover", "show", "-o", "json");
            holding.interrupt();
            holding.join();
            assertThat(moving.status()).as(moving.toString()).isZero();
            assertThat(moving.out()).contains("\"holder\" : \"m1\"", "\"fence\" : 4", "\"moving\" : true");
        }
        assertThat(mon.run("db", "failover", "move").status()).isEqualTo(69);
    }

    private static boolean holds(SqlHistory writer) {
        try {
            return writer.hold();
        } catch (HistoryException e) {
            return false;
        }
    }

    @Test
    void aTableIsExportedAsCsvAndJson() throws Exception {
        mon.run("db", "migrate");
        report(1, 1_000_000_000, 801, "web,1", "", 1);
        report(2, 1_100_000_000, 801, "web \"2\"", "", 1);
        report(3, 1_200_000_000, 701, "web3", "disk", 2);
        List<String> lines =
                mon.run("db", "export", "report_data").out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("id,origin,epoch,sequence,part,timestamp,happened,event_type");
        assertThat(lines.get(1)).contains(",2020-01-01T00:00:00.000000Z,801,", ",\"web,1\",");
        assertThat(lines.get(2)).contains("\"web \"\"2\"\"\"");
        Mon.Ended some = mon.run("db", "export", "report_data", "--from=2004-11-01", "--to=1200000000", "-o", "json");
        assertThat(some.out().lines())
                .singleElement()
                .asString()
                .contains("\"sequence\":2")
                .contains("\"output\":\"text\"");
        assertThat(mon.run("db", "export", "node_history", "--from=7d").status())
                .isZero();
        assertThat(mon.run("db", "export", "users").err()).contains("no table").contains("report_data");
        assertThat(mon.run("db", "export", "sink_fence", "--from=7d").status()).isEqualTo(64);
    }

    @Test
    void whatDoesNotFitIsFound() throws Exception {
        mon.run("db", "migrate");
        Mon.Ended empty = mon.run("db", "verify");
        assertThat(empty.status()).as(empty.toString()).isZero();
        database.execute("INSERT INTO sink_progress VALUES (1, 1, 3)");
        report(1, 1_000, 801, "web1", "", 1);
        report(2, 2_000, 801, "web1", "", 0);
        report(3, 1_000, 701, "web1", "disk", 2);
        state("web1", "", 0);
        state("web1", "disk", 2);
        Mon.Ended good = mon.run("db", "verify");
        assertThat(good.status()).as(good.toString()).isZero();
        assertThat(good.out()).contains("all fits, 2 hosts and services");
        report(4, 3_000, 701, "web1", "disk", 1);
        report(5, System.currentTimeMillis() / 1_000 + 3_600, 801, "web1", "", 1);
        Mon.Ended bad = mon.run("db", "verify");
        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.out())
                .contains("2 rows of report_data beyond", "written up to 3, rows up to 5")
                .contains("web1;disk: state 2, but its newest row of report_data says 1")
                .contains("1 rows of report_data that are to happen yet")
                .doesNotContain("web1: state");
        assertThat(mon.run("db", "verify", "-o", "json").out()).contains("\"objects\" : 2");
    }

    private void state(String host, String service, int state) throws Exception {
        database.execute(
                "INSERT INTO object_state (host_name, service_description, node, state, state_type, attempt, max_attempts,"
                        + " check_type, last_state, last_hard_state, last_check, latency, execution_time, is_flapping,"
                        + " percent_state_change, notifications, revision) VALUES ('" + host + "', '" + service
                        + "', 'm1', " + state
                        + ", 1, 1, 3, 0, 0, 0, '2020-01-01 00:00:00', 0, 0, 0, 0, 0, 1)");
    }
}
