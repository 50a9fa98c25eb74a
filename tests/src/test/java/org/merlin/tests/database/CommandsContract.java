package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.sink.sql.SqlCheck;
import org.merlin.daemon.sink.sql.SqlSession;

/** Commands that work on the database itself, the same in every kind of it. */
abstract class CommandsContract {
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
        try (SqlSession session = SqlSession.open(database.conf(), database.folder())) {
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
}
