package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.database.TestSinks.written;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.sink.Sink;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.tests.faults.CutableProxy;

/** Two writers of one MariaDB whose clocks are wrong, or whose paths swallow what is said. */
class MariaDbFaultsIT {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    /** The driver, too, asks for a server before it gives up, several times, some seconds each; and the machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long MINUTE = TimeUnit.MINUTES.toMicros(1);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    @TempDir
    private Path place;

    private final WrittenLog log = new WrittenLog();
    private final Results results = new Results(MonitoredObject.ofHost("web1"), 1, TimeUnit.DAYS.toMicros(20_000));
    private final List<String> rows = new ArrayList<>();
    private TestSinks sinks;
    private MariaDbServer server;
    private CutableProxy path;

    @BeforeEach
    void open() throws Exception {
        server = MARIADB.empty();
        sinks = new TestSinks(place);
        path = new CutableProxy(server.conf().port());
    }

    @AfterEach
    void close() throws Exception {
        path.close();
        sinks.close();
    }

    /** So many changes, with an output of so many characters each. */
    private void say(int changes, int characters) {
        for (int i = 0; i < changes; i++) {
            CheckResult result = results.output("x".repeat(characters)).next((rows.size() + 1) % 2);
            log.say("m1", 1, rows.size() + 1, result.timing().endMicros(), result);
            Instant end = Instant.EPOCH.plusSeconds(result.timing().endMicros() / 1_000_000);
            rows.add(SECONDS.format(end) + "|" + (rows.size() + 1) % 2);
        }
    }

    private Sink start(String node, int port, AtomicLong ahead) {
        return sinks.start(node, log, server.conf(port), place, () -> System.currentTimeMillis() * 1000 + ahead.get());
    }

    private static void isIn(Sink sink, String state) {
        await(state).atMost(PATIENCE).until(() -> sink.view().state(), state::equals);
    }

    /** Soon: a sink's view may be from before the last change. */
    private void allIsThereOnce() {
        await().untilAsserted(() -> assertThat(
                        server.rows("SELECT DATE_FORMAT(happened, '%Y-%m-%d %H:%i:%s'), state FROM report_data"
                                + " WHERE event_type = 801 ORDER BY sequence"))
                .isEqualTo(rows));
    }

    private long lease(String what) {
        try {
            return Long.parseLong(
                    server.rows("SELECT " + what + " FROM sink_lease").get(0));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void clocksThatAreMinutesApartAndJumpDecideNothing() throws Exception {
        AtomicLong ahead = new AtomicLong(MINUTE);
        AtomicLong behind = new AtomicLong(-MINUTE);
        server.executeAsAdmin("SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + 300'");
        try {
            say(3, 1);
            Sink one = written(start("m1", path.port(), ahead));
            server.execute(FenceAudit.TABLE);
            server.execute(FenceAudit.TRIGGER);
            Sink two = start("m2", server.conf().port(), behind);
            isIn(two, "standby");
            long fence = lease("fence");
            for (int i = 0; i < 4; i++) {
                long beat = lease("beat");
                ahead.set(-ahead.get());
                behind.set(-behind.get());
                say(2, 1);
                written(one);
                await("two beats").until(() -> lease("beat") >= beat + 2);
            }
            assertThat(lease("fence")).isEqualTo(fence);
            long begun = System.nanoTime();
            path.cut();
            say(2, 1);
            isIn(two, "writing");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8)); // failover_timeout is 3 s
            path.heal();
            isIn(one, "standby");
            behind.set(-behind.get());
            say(2, 1);
            written(two);
            allIsThereOnce();
            assertThat(FenceAudit.writers(server.rows(FenceAudit.ROWS))).isEqualTo(2);
        } finally {
            server.executeAsAdmin("SET GLOBAL init_connect = ''");
        }
    }

    @Test
    void aPathThatSwallowsHalfAStatementHoldsNobodyUp() throws Exception {
        say(1, 1);
        AtomicLong passed = new AtomicLong();
        Sink one = written(sinks.start("m1", log, server.conf(path.port()), () -> System.nanoTime() + passed.get()));
        Sink two = start("m2", server.conf().port(), new AtomicLong());
        isIn(two, "standby");
        try (Connection holds = DriverManager.getConnection(server.url(), "merlin", "merlin");
                Statement statement = holds.createStatement()) {
            holds.setAutoCommit(false);
            statement.execute("SELECT * FROM sink_fence FOR UPDATE");
            say(500, 8_000); // which come into one transaction, since that of the first of them waits
            path.stallAfter(60_000);
            holds.rollback();
        }
        await().until(path::isStalled);
        path.stall(true); // nor does it hear that the server gives up
        written(two); // although the server has begun with a transaction of the same rows
        assertThat(one.view().state()).as("it says what it cannot").isEqualTo("writing");
        passed.set(TimeUnit.MINUTES.toNanos(1)); // and is given up after that
        isIn(one, "away");
        path.heal();
        isIn(one, "standby");
        allIsThereOnce();
    }
}
