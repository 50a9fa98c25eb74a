package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.database.TestSinks.written;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.sink.Sink;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.tests.faults.SmallDisk;

/**
 * A database whose disk fills up while it is written: it is told, and goes on when there is room, with nothing lost and nothing double: an
 * embedded one by itself, and MariaDB, which may end itself over it, once it is started again. Where no disk can be mounted the tests are skipped, and say so.
 */
class FullDatabaseDiskIT {
    private static final int CHANGES = 3_000;
    private static final int CHARACTERS = 8_000;

    @TempDir
    private Path place;

    private final WrittenLog log = new WrittenLog();
    private final Results results = new Results(MonitoredObject.ofHost("web1"), 1, TimeUnit.DAYS.toMicros(20_000));
    private int said;
    private SmallDisk disk;
    private TestSinks sinks;

    @BeforeEach
    void look() throws IOException {
        Path folder = Files.createDirectory(place.resolve("disk"));
        String missing = SmallDisk.missing(folder);
        assumeThat(missing).as(missing).isEmpty();
        sinks = new TestSinks(place);
    }

    @AfterEach
    void unmount() throws IOException {
        if (sinks != null) {
            sinks.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    private void say(int changes) {
        for (int i = 0; i < changes; i++) {
            CheckResult result = results.output("x".repeat(CHARACTERS)).next(++said % 2);
            log.say("m1", 1, said, result.timing().endMicros(), result);
        }
    }

    /** @param onRoom once there is room again */
    private void fillsUpAndGoesOn(TestDatabase database, String told, Runnable onRoom) throws Exception {
        say(1);
        Sink sink = written(sinks.start("m1", log, database.conf(), database.folder()));
        disk.othersWrite(disk.freeMebibytes() - 1);
        say(CHANGES);
        await("a full disk is told")
                .atMost(Duration.ofSeconds(60))
                .until(
                        sink::view,
                        view -> view.state().equals("away") && view.problem().contains(told));
        assertThat(sink.view().lagEvents()).isPositive();
        disk.othersDelete();
        onRoom.run();
        say(1);
        written(sink);
        List<String> states = IntStream.rangeClosed(1, said)
                .mapToObj(n -> Integer.toString(n % 2))
                .toList();
        assertThat(database.rows("SELECT state FROM report_data WHERE event_type = 801 ORDER BY sequence"))
                .isEqualTo(states);
        assertThat(sink.view().lost() + sink.view().setAside()).isZero();
    }

    @Test
    void ofAnEmbeddedOne() throws Exception {
        disk = new SmallDisk(place.resolve("disk"), 100);
        fillsUpAndGoesOn(new EmbeddedDatabase(disk.folder().resolve("database")), "make room on", () -> {});
        sinks.close();
    }

    @Test
    void ofAMariaDb() throws Exception {
        disk = new SmallDisk(place.resolve("disk"), 100);
        try (MariaDbServer server = MariaDbServer.start(place.resolve("server"))) {
            server.moveTo(disk.folder().resolve("database"));
            fillsUpAndGoesOn(server, "", () -> {
                if (!server.runs()) {
                    server.startAgain();
                }
            });
            sinks.close();
        }
    }
}
