package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.database.TestSinks.written;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.sink.Sink;
import org.merlin.protocol.event.MonitoredObject;

/** In a real MariaDB. */
class MariaDbIT extends DatabaseContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    @TempDir
    private Path place;

    @Override
    TestDatabase database(Path folder) {
        return new SharedServer(MARIADB.empty());
    }

    /** Says results 1 to {@code to}, each another state; {@code lacking} are left out. */
    private static WrittenLog log(long to, long... lacking) {
        WrittenLog log = new WrittenLog();
        Results results = new Results(new MonitoredObject("web1", ""), 1, 1_800_000_000_000_000L);
        for (long i = 1; i <= to; i++) {
            long sequence = i;
            var result = results.next((int) (i % 2));
            if (LongStream.of(lacking).anyMatch(left -> left == sequence)) {
                log.skip("m1", 1, 1);
            } else {
                log.say("m1", 1, (int) i, results.micros(), result);
            }
        }
        return log;
    }

    @Test
    void aWriterWhoseLogLacksWhatComesNextLetsAnotherWrite() throws Exception {
        TestDatabase database = database(place);
        try (TestSinks sinks = new TestSinks(place)) {
            written(sinks.start("gone", log(3), database.conf(), place)).close();
            Sink lacking = sinks.start("lacking", log(9, 4, 5), database.conf(), place);
            await().until(() -> database.rows("SELECT holder, fence FROM sink_lease"), List.of("|2")::equals);
            Sink whole = sinks.start("whole", log(9), database.conf(), place);
            written(whole);
            assertThat(database.rows("SELECT sequence FROM report_data WHERE event_type = 801 ORDER BY sequence"))
                    .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9");
            assertThat(lacking.view().lost() + whole.view().lost()).isZero();
        }
    }

    @Test
    void whereNoLogHasItAnyMoreTheWriterGoesOnAfterAWhile() throws Exception {
        TestDatabase database = database(place);
        try (TestSinks sinks = new TestSinks(place)) {
            written(sinks.start("gone", log(3), database.conf(), place)).close();
            Sink lacking = sinks.start("lacking", log(9, 4, 5), database.conf(), place);
            await().atMost(Duration.ofSeconds(30)).until(() -> lacking.view().lost() == 2);
            assertThat(written(lacking).view().lost()).isEqualTo(2);
        }
    }
}
