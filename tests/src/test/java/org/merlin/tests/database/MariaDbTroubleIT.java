package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.database.TestSinks.written;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.sink.Sink;
import org.merlin.daemon.sink.SinkView;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.MonitoredObject;

/** A MariaDB that is not there, or does not take what is written: a clear sentence, and nothing is lost. */
class MariaDbTroubleIT {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    private static final MonitoredObject HOST = MonitoredObject.ofHost("web1");

    @TempDir
    private Path place;

    private final WrittenLog log = new WrittenLog();
    private final Results results = new Results(HOST, 1, TimeUnit.DAYS.toMicros(20_000));
    private TestSinks sinks;
    private MariaDbServer server;

    @BeforeEach
    void empty() {
        server = MARIADB.empty();
        sinks = new TestSinks(place);
    }

    @AfterEach
    void close() {
        sinks.close();
    }

    private void say(int state) {
        CheckResult result = results.next(state);
        log.say("m1", 1, (int) log.log().end(), result.timing().endMicros(), result);
    }

    private Sink begin(MerlinConf.Database conf) {
        return sinks.start("m1", log, conf, place);
    }

    private static SinkView away(Sink sink, String word) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        sink::view,
                        view -> view.state().equals("away") && view.problem().contains(word));
    }

    private void untilWritten(int rows) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions() // there may be no tables yet
                .until(
                        () -> server.rows("SELECT COUNT(*) FROM report_data WHERE event_type = 801"),
                        List.of(Integer.toString(rows))::equals);
    }

    @Test
    void oneThatIsDownAtTheStartIsWrittenWhenItComes() throws Exception {
        say(1);
        server.stop();
        try {
            Sink sink = begin(server.conf());
            away(sink, "");
            assertThat(sink.view().lagEvents()).isEqualTo(1);
        } finally {
            server.startAgain();
        }
        say(0);
        untilWritten(2);
    }

    @Test
    void oneThatGoesAndComesBackLacksNothing() throws Exception {
        say(1);
        Sink sink = written(begin(server.conf()));
        server.stop();
        try {
            say(0);
            away(sink, "");
            say(1);
        } finally {
            server.startAgain();
        }
        untilWritten(3);
    }

    @Test
    void aWrongPasswordIsToldAndNeverShown() {
        MerlinConf.Database conf = server.conf("merlin", "wrong-secret");
        SinkView view = away(begin(conf), "check user and pass");
        assertThat(view.toString() + conf).doesNotContain("wrong-secret");
    }

    @Test
    void anAbsentDatabaseIsTold() {
        server.dropDatabase();
        away(begin(server.conf()), "CREATE DATABASE");
    }

    @Test
    void tablesOfAnotherProgramAreLeftAlone() throws Exception {
        server.execute("CREATE TABLE report_data (id INT)");
        away(begin(server.conf()), "tables of another program");
        assertThat(server.rows("SELECT COUNT(*) FROM report_data")).containsExactly("0");
    }

    @Test
    void theSchemaOfANewerReleaseIsNotTouched() throws Exception {
        written(begin(server.conf())).close();
        server.execute(
                "INSERT INTO merlin_schema (installed_rank, version, description, type, script, checksum, installed_by,"
                        + " execution_time, success) VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, 1)");
        away(begin(server.conf()), "newer release");
    }

    @Test
    void oneThatIsReadOnlyForATimeLacksNothing() throws Exception {
        say(1);
        Sink sink = written(begin(server.conf()));
        server.executeAsAdmin("SET GLOBAL read_only = 1");
        try {
            say(0);
            away(sink, "takes no writes");
        } finally {
            server.executeAsAdmin("SET GLOBAL read_only = 0");
        }
        untilWritten(2);
    }

    @Test
    void aTableThatIsMissingIsNamedAndNothingIsLost() throws Exception {
        say(1);
        Sink sink = written(begin(server.conf()));
        server.execute("RENAME TABLE object_state TO elsewhere");
        say(0);
        away(sink, "object_state");
        server.execute("RENAME TABLE elsewhere TO object_state");
        untilWritten(2);
    }

    @Test
    void weakSettingsAndAClockThatDiffersAreSeenAtOnce() {
        server.executeAsAdmin("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
        server.executeAsAdmin("SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + 300'");
        try {
            Sink sink = written(begin(server.conf()));
            assertThat(sink.view().warnings())
                    .hasSize(2)
                    .anyMatch(warning -> warning.matches("its clock is (29|30).*"))
                    .anyMatch(warning -> warning.contains("innodb_flush_log_at_trx_commit = 2"));
            sink.close();
        } finally {
            server.executeAsAdmin("SET GLOBAL init_connect = ''");
            server.executeAsAdmin("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
        }
        assertThat(written(begin(server.conf())).view().warnings()).isEmpty();
    }

    @Test
    void oneWriterInAFrozenSessionHoldsNobodyUp() throws Exception {
        say(1);
        Sink first = written(begin(server.conf()));
        server.execute("UPDATE sink_lease SET holder = 'm2', fence = fence + 1, beat = beat + 1");
        server.execute("UPDATE sink_fence SET fence = fence + 1");
        say(0);
        await().atMost(Duration.ofSeconds(20)).until(() -> first.view().state(), "standby"::equals);
        assertThat(server.rows("SELECT COUNT(*) FROM report_data WHERE event_type = 801"))
                .containsExactly("1");
        untilWritten(2); // when the one that took over is silent for long enough
    }
}
