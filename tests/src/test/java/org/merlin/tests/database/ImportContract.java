package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History from elsewhere, the same into every kind of database. */
abstract class ImportContract {
    /** As Nagios 4.4 writes it. */
    private static final String DAY = String.join(
            "\n",
            "[1000] Nagios 4.4.6 starting... (PID=17)",
            "[1000] Local time is Thu Jan 01 00:16:40 UTC 1970",
            "[1001] INITIAL HOST STATE: web1;UP;HARD;1;fine",
            "[1001] INITIAL SERVICE STATE: web1;disk;OK;HARD;1;fine",
            "[1010] HOST ALERT: web1;DOWN;SOFT;1;no answer; none at all",
            "[1020] HOST ALERT: web1;DOWN;SOFT;2;no answer",
            "[1030] HOST ALERT: web1;DOWN;HARD;3;no answer",
            "[1030] HOST NOTIFICATION: joe;web1;DOWN;by-mail;no answer",
            "[1030] HOST NOTIFICATION: joe;web1;DOWN;by-mail;no answer",
            "[1035] EXTERNAL COMMAND: ACKNOWLEDGE_HOST_PROBLEM;web1;2;1;1;ann;mine",
            "[1036] HOST NOTIFICATION: joe;web1;ACKNOWLEDGEMENT (DOWN);by-mail;no; answer;ann;mine",
            "[1040] HOST ALERT: web1;UP;HARD;1;fine",
            "[1050] SERVICE DOWNTIME ALERT: web1;disk;STARTED; Service has entered a period of scheduled downtime",
            "[1051] SERVICE ALERT: web1;disk;CRITICAL;HARD;3;full\\nfirst\\nsecond",
            "[1052] SERVICE FLAPPING ALERT: web1;disk;STARTED; Service appears to have started flapping (23.4% change >= 20.0% threshold)",
            "[1053] SERVICE DOWNTIME ALERT: web1;disk;CANCELLED; Scheduled downtime for service has been cancelled.",
            "[1060] Caught SIGHUP, restarting...",
            "[1070] Caught SIGTERM, shutting down...",
            "[1070] Successfully shutdown... (PID=17)",
            "");

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

    private Path file(String name, String text) throws IOException {
        return Files.writeString(place.resolve(name), text, StandardCharsets.UTF_8);
    }

    private Path packed(String name, String text) throws IOException {
        Path file = place.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private List<String> reports() throws Exception {
        return database.rows(
                "SELECT timestamp, event_type, host_name, service_description, state, hard, retry, downtime_depth"
                        + " FROM report_data ORDER BY timestamp, id");
    }

    @Test
    void aLogGivesTheRowsOfTheOriginal() throws Exception {
        Mon.Ended ended = mon.run("log", "import", file("nagios.log", DAY).toString());
        assertThat(ended.status()).as(ended.toString()).isZero();
        assertThat(reports())
                .containsExactly(
                        "1000|100|||0|0|0|0",
                        "1001|801|web1||0|1|1|0",
                        "1001|701|web1|disk|0|1|1|0",
                        "1010|801|web1||1|0|1|0",
                        "1030|801|web1||1|1|3|0",
                        "1040|801|web1||0|1|1|0",
                        "1050|1103|web1|disk|0|0|0|1",
                        "1051|701|web1|disk|2|1|3|1",
                        "1052|1000|web1|disk|2|1|0|1",
                        "1053|1104|web1|disk|0|0|0|0",
                        "1060|103|||0|0|0|0",
                        "1070|103|||0|0|0|0");
        assertThat(
                        database.rows(
                                "SELECT output, long_output, happened FROM report_data WHERE timestamp IN (1010, 1051) ORDER BY id"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("no answer; none at all||1970-01-01 00:16:50"),
                        second -> assertThat(second).startsWith("full|first\nsecond|1970-01-01 00:17:31"));
        assertThat(database.rows(
                        "SELECT start_time, contact_name, host_name, service_description, command_name, reason_type,"
                                + " state, output, ack_author, ack_data FROM notification ORDER BY id"))
                .containsExactly(
                        "1030|joe|web1||by-mail|0|1|no answer||",
                        "1030|joe|web1||by-mail|0|1|no answer||",
                        "1036|joe|web1||by-mail|1|1|no; answer|ann|mine");
    }

    @Test
    void theSameLinesAgainChangeNothing() throws Exception {
        mon.run("log", "import", file("nagios.log", DAY).toString());
        List<String> once = reports();
        String renamed = packed("nagios-01-01-1970-00.log.gz", DAY).toString();
        Mon.Ended again =
                mon.run("log", "import", renamed, place.resolve("nagios.log").toString());
        assertThat(again.status()).as(again.toString()).isZero();
        assertThat(again.out()).contains(" 0 rows are new");
        assertThat(reports()).isEqualTo(once);
        assertThat(database.rows("SELECT COUNT(*) FROM notification")).containsExactly("3");
    }

    @Test
    void archivesAreReadInTheOrderOfTheirTimes() throws Exception {
        String tomorrow =
                "[90000] CURRENT HOST STATE: web1;UP;HARD;1;fine\n[90000] CURRENT HOST STATE: web2;DOWN;HARD;3;away\n"
                        + "[90001] SERVICE ALERT: web1;disk;OK;HARD;3;fine\n";
        String later = file("a.log", tomorrow).toString();
        mon.run("log", "import", later, packed("b.log.gz", DAY).toString());
        assertThat(reports()).hasSize(14).contains("90000|801|web2||1|1|3|0", "90001|701|web1|disk|0|1|3|0");
        List<String> all = reports();
        assertThat(mon.run("log", "import", later).out()).contains(" 0 rows are new");
        assertThat(reports()).isEqualTo(all);
    }

    @Test
    void incrementalReadsOnlyWhatIsNewer() throws Exception {
        Path log = file("nagios.log", DAY);
        mon.run("log", "import", log.toString());
        Files.writeString(log, DAY + "[1080] HOST ALERT: web1;DOWN;SOFT;1;no answer\n");
        Mon.Ended more = mon.run("log", "import", "--incremental", log.toString());
        assertThat(more.out()).contains(" 1 rows are new").contains("left out: 17 lines");
        assertThat(mon.run("log", "import", "--since=1075", "-o", "json", log.toString())
                        .out())
                .contains("\"fresh\" : 0", "\"outside\" : 19");
    }

    @Test
    void whatTheWriterHasWrittenItselfIsLeftOut() throws Exception {
        mon.run("db", "migrate");
        database.execute(
                "INSERT INTO report_data (origin, epoch, sequence, part, timestamp, happened, event_type, host_name,"
                        + " service_description, state, hard, retry, downtime_depth) VALUES (7, 1, 1, 0, 1040, '1970-01-01 00:17:20', 801,"
                        + " 'web1', '', 0, 1, 1, 0)");
        String log = file("nagios.log", DAY).toString();
        Mon.Ended ended = mon.run("log", "import", log);
        assertThat(ended.out()).contains("which ends at 1970-01-01T00:17:20Z");
        assertThat(reports()).hasSize(6);
        mon.run("log", "import", "--until=1051", log);
        assertThat(reports()).hasSize(8).contains("1050|1103|web1|disk|0|0|0|1");
    }

    @Test
    void malformedLinesAreNamedAndTheOthersRead() throws Exception {
        String log = file(
                        "bad.log",
                        "[1] HOST ALERT: web1;DOWN;HARD;1;x\nrubbish\n[2] HOST ALERT: web1;SIDEWAYS;HARD;1;x\n[3] SERVICE ALERT: a;b\n"
                                + "[4] HOST ALERT: " + "n".repeat(300) + ";UP;HARD;1;x\n[5] HOST ALERT: web1;UP;HARD;1;"
                                + "y".repeat(70_000) + "\n[6] HOST ALERT: web1;UP;HARD;1;\uD83D\uDE00")
                .toString();
        Mon.Ended ended = mon.run("log", "import", log);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err())
                .contains(
                        log + ":2: does not begin",
                        log + ":3: 'SIDEWAYS' is no state of a host",
                        log + ":4: has 2 fields")
                .contains(log + ":5: a name is longer", log + ":6: is longer than 64 KiB");
        assertThat(reports()).containsExactly("1|801|web1||1|1|1|0", "6|801|web1||0|1|1|0");
        assertThat(database.rows("SELECT output FROM report_data WHERE timestamp = 6"))
                .containsExactly("\uD83D\uDE00");
    }

    @Test
    void aFileThatCannotBeReadIsRefusedBeforeAnythingIsWritten() throws Exception {
        String log = file("nagios.log", DAY).toString();
        Mon.Ended none = mon.run("log", "import", log, place.resolve("none.log").toString());
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).contains("none.log is not there").doesNotContain("Exception");
        assertThat(reports()).isEmpty();
        Path cut = packed("cut.gz", DAY);
        byte[] bytes = Files.readAllBytes(cut);
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 20));
        Mon.Ended ended = mon.run("log", "import", cut.toString());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("cut.gz:").contains("cannot be read any further");
    }

    /** A database with the C original's tables, beside ours. */
    protected abstract String old() throws Exception;

    private static void execute(String url, String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection(url, "admin", "admin");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String oldTables() throws Exception {
        String url = old();
        execute(
                url,
                "CREATE TABLE report_data (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, timestamp INT NOT NULL DEFAULT 0,"
                        + " event_type INT NOT NULL DEFAULT 0, flags INT, attrib INT, host_name VARCHAR(255),"
                        + " service_description VARCHAR(255), state INT NOT NULL DEFAULT 0, hard INT NOT NULL DEFAULT 0,"
                        + " retry INT NOT NULL DEFAULT 0, downtime_depth INT, output TEXT, long_output TEXT)",
                "CREATE TABLE notification (instance_id INT NOT NULL DEFAULT 0, id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                        + " notification_type INT, start_time INT, end_time INT, contact_name VARCHAR(255), host_name VARCHAR(255),"
                        + " service_description VARCHAR(255), command_name VARCHAR(255), reason_type INT, state INT, output TEXT,"
                        + " ack_author VARCHAR(255), ack_data TEXT, escalated INT)",
                "INSERT INTO report_data (id, timestamp, event_type, flags, attrib, host_name, service_description, state, hard,"
                        + " retry, downtime_depth, output, long_output) VALUES (5, 1000, 801, 1, 2, 'web1', NULL, 1, 0, 1, NULL,"
                        + " 'down', NULL), (9, 1010, 701, NULL, NULL, 'web1', 'disk', 2, 1, 3, 1, 'full', 'more')",
                "INSERT INTO notification (id, notification_type, start_time, end_time, contact_name, host_name,"
                        + " service_description, command_name, reason_type, state, output, ack_author, ack_data, escalated)"
                        + " VALUES (3, 1, 1010, 1011, 'joe', 'web1', 'disk', 'by-mail', 0, 2, 'full', NULL, NULL, 1)");
        return url;
    }

    private Mon.Ended copy(String url, String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of("db", "import", "--from=" + url, "--user=admin"));
        line.add("--pass-file=" + file("password", "admin\n"));
        line.addAll(List.of(more));
        return mon.run(line.toArray(String[]::new));
    }

    @Test
    void historyOfTheOriginalsDatabaseIsTakenOverOnce() throws Exception {
        String url = oldTables();
        Mon.Ended ended = copy(url);
        assertThat(ended.status()).as(ended.toString()).isZero();
        assertThat(ended.out())
                .contains("report_data: 2 rows read, 2 of them new", "notification: 1 rows read, 1 of them new");
        assertThat(database.rows("SELECT epoch, sequence, part, timestamp, event_type, flags, attrib, host_name,"
                        + " service_description, state, hard, retry, downtime_depth, output, long_output FROM report_data"
                        + " ORDER BY sequence"))
                .containsExactly(
                        "0|5|0|1000|801|1|2|web1||1|0|1|0|down|", "0|9|0|1010|701|0|0|web1|disk|2|1|3|1|full|more");
        assertThat(database.rows("SELECT sequence, notification_type, start_time, end_time, contact_name, host_name,"
                        + " service_description, command_name, reason_type, state, output, ack_author, ack_data, escalated,"
                        + " contacts_notified FROM notification"))
                .containsExactly("3|1|1010|1011|joe|web1|disk|by-mail|0|2|full|||1|1");
        execute(
                url,
                "INSERT INTO report_data (id, timestamp, event_type, host_name, state) VALUES (12, 1020, 801, 'web1', 0)");
        assertThat(copy(url).out()).contains("report_data: 1 rows read, 1 of them new", "notification: 0 rows read");
        database.execute("DELETE FROM import_progress"); // it has forgotten how far it was
        assertThat(copy(url).out()).contains("report_data: 3 rows read, 0 of them new");
        copy(url, "--as=other");
        assertThat(database.rows("SELECT COUNT(*) FROM report_data")).containsExactly("6");
    }

    @Test
    void whatIsNotTheOriginalsDatabaseIsRefused() throws Exception {
        String url = old();
        Mon.Ended none = copy(url);
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).containsIgnoringCase("report_data").doesNotContain("Exception");
        execute(url, "CREATE TABLE report_data (a INT)");
        Mon.Ended other = copy(url);
        assertThat(other.err()).contains("not a database of the C original");
        assertThat(mon.run("db", "import", "--from=db1").status()).isEqualTo(64);
        Mon.Ended file = mon.run("db", "import", "--from=" + url, "--pass-file=" + place.resolve("none"));
        assertThat(file.err()).contains("none is not there");
    }
}
