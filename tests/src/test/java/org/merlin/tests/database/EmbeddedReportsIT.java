package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.bench.MadeUpYear;
import org.merlin.daemon.sink.sql.SqlSession;

/** In H2. */
class EmbeddedReportsIT extends ReportsContract {
    @Override
    TestDatabase database(Path folder) {
        return new EmbeddedDatabase(folder);
    }

    @Test
    void whereNoDatabaseIsTheStatusSaysSo(@TempDir Path elsewhere) throws Exception {
        Mon.Ended ended = Mon.of(elsewhere, new EmbeddedDatabase(elsewhere.resolve("database")))
                .run("db", "report", "problems");
        assertThat(ended.status()).isEqualTo(69);
        assertThat(ended.err()).contains("merlin.mv.db");
    }

    @Test
    void aMadeUpHistoryIsTheSameForTheSameSeedAndFitsTogether(@TempDir Path elsewhere) throws Exception {
        Mon.Ended first = madeUp(elsewhere.resolve("a"), 3);
        assertThat(madeUp(elsewhere.resolve("b"), 3).out()).isEqualTo(first.out());
        assertThat(madeUp(elsewhere.resolve("c"), 4).out()).isNotEqualTo(first.out());
        for (int type : new int[] {103, 701, 801, 1103, 1104}) {
            assertThat(first.out()).contains("Z," + type + ",");
        }
    }

    private static Mon.Ended madeUp(Path place, long seed) throws Exception {
        EmbeddedDatabase database = new EmbeddedDatabase(place.resolve("database"));
        try (SqlSession session = SqlSession.create(database.conf(), database.folder(), NAMES)) {
            session.migrate();
            MadeUpYear.fill(session, new MadeUpYear.Size(60, 3, 100, seed));
        }
        Mon mon = Mon.of(Files.createDirectories(place), database);
        Mon.Ended verified = mon.run("db", "verify");
        assertThat(verified.status()).as(verified.toString()).isZero();
        return mon.run("db", "export", "report_data");
    }

    @Test
    void reportsAreMeasuredOnAHistoryThatIsMadeForIt() {
        Mon.Ended ended = mon.run(
                "bench", "reports", "--database=embedded", "--hosts=5", "--services=2", "--days=60", "-o", "json");
        assertThat(ended.status()).as(ended.toString()).isZero();
        assertThat(ended.out())
                .contains("\"make_seconds\"", "\"report_data\"", "\"availability, a month of all hosts\"")
                .contains("\"median_ms\"", "\"first_ms\"", "\"plan\" : [ ]", "\"beside\"", "\"p99_ms\"");
        assertThat(mon.run("bench", "reports", "--database=embedded", "--days=3")
                        .status())
                .isEqualTo(64);
        assertThat(mon.run("bench", "reports", "--database=galera").err()).contains("a report reads one server");
        Mon.Ended away = mon.run("bench", "reports", "--database=jdbc:mariadb://127.0.0.1:1/merlin");
        assertThat(away.status()).as(away.toString()).isEqualTo(69);
    }
}
