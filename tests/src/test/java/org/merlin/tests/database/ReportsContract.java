package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.names.HostNames;

/** What the documented queries say of a history that was made by hand, the same in every kind of database. */
abstract class ReportsContract {
    /** March 2025 has 2,678,400 seconds. */
    private static final long MARCH = Instant.parse("2025-03-01T00:00:00Z").getEpochSecond();

    static final HostNames NAMES = (host, port) -> List.of(new InetSocketAddress(host, port));

    private static final int HOST = 801;
    private static final int SERVICE = 701;
    private static final int BEGINS = 1103;
    private static final int ENDS = 1104;

    @TempDir
    private Path place;

    private TestDatabase database;
    Mon mon;
    private int sequence;

    abstract TestDatabase database(Path folder) throws Exception;

    @BeforeEach
    void open() throws Exception {
        database = database(place.resolve("database"));
        mon = Mon.of(place, database);
        assertThat(mon.run("db", "migrate").status()).isZero();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void row(long time, int type, String host, String service, int state, int hard) throws Exception {
        database.execute(
                "INSERT INTO report_data (origin, epoch, sequence, part, timestamp, happened, event_type, host_name,"
                        + " service_description, state, hard, retry, downtime_depth, output, long_output) VALUES (1, 1, "
                        + ++sequence + ", 0, " + time + ", '2025-01-01 00:00:00', " + type + ", '" + host + "', '"
                        + service + "', " + state + ", " + hard + ", 1, " + (type == BEGINS ? 1 : 0) + ", 'text', '')");
    }

    private void host(long time, String host, int state) throws Exception {
        row(time, HOST, host, "", state, 1);
    }

    private void state(String host, String service, int state, int hard) throws Exception {
        database.execute(
                "INSERT INTO object_state (host_name, service_description, node, state, state_type, attempt, max_attempts,"
                        + " check_type, last_state, last_hard_state, last_check, last_hard_state_change, latency,"
                        + " execution_time, is_flapping, percent_state_change, notifications, output, revision) VALUES ('"
                        + host + "', '" + service + "', 'm1', " + state + ", " + hard
                        + ", 1, 3, 0, 0, 0, '2025-03-01 00:00:00', '2025-03-0" + (1 + ++sequence % 9)
                        + " 00:00:00', 0, 0, 0, 0, 0, 'text', 1)");
    }

    private List<String> report(String... arguments) {
        List<String> line = new ArrayList<>(List.of("db", "report"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("-o", "csv"));
        Mon.Ended ended = mon.run(line.toArray(String[]::new));
        assertThat(ended.status()).as(ended.toString()).isZero();
        return ended.out().lines().toList();
    }

    @Test
    void availabilityCountsHardStatesAndWhatWasBeforeTheMonth() throws Exception {
        row(MARCH - 1_000_000, 100, "", "", 0, 0);
        host(MARCH - 5_000, "web1", 0);
        host(MARCH - 3_600, "web1", 1);
        host(MARCH + 1_000, "web1", 0);
        row(MARCH + 5_000, HOST, "web1", "", 1, 0); // soft, and gone
        host(MARCH + 5_060, "web1", 0);
        host(MARCH + 10_000, "web1", 1);
        row(MARCH + 10_500, BEGINS, "web1", "", 0, 0);
        row(MARCH + 11_000, ENDS, "web1", "", 0, 0);
        host(MARCH + 12_000, "web1", 0);
        host(MARCH + 20_000, "web1", 2);
        host(MARCH + 20_100, "web1", 0);
        row(MARCH + 30_000, SERVICE, "web1", "disk", 2, 1);
        host(MARCH + 40_000, "web1", 1); // both within a second
        host(MARCH + 40_000, "web1", 0);
        host(MARCH + 2_678_400, "web1", 1); // in April
        assertThat(report("availability", "--month=2025-03"))
                .containsExactly(
                        "month,host_name,up,down,unreachable,planned,unrecorded,up_percent,up_or_planned_percent",
                        "2025-03,web1,2675300,3000,100,500,0,99.884,99.903");
    }

    @Test
    void availabilityKnowsHostsThatNeverChangedAndThoseThatWereRemoved() throws Exception {
        row(MARCH - 1_000_000, 100, "", "", 0, 0);
        state("quiet", "", 0, 1);
        state("quiet", "disk", 2, 1);
        host(MARCH - 500_000, "removed", 1);
        assertThat(report("availability", "--month=2025-03"))
                .contains("2025-03,quiet,2678400,0,0,0,0,100.0,100.0", "2025-03,removed,0,2678400,0,0,0,0.0,0.0")
                .hasSize(3);
        assertThat(report("availability", "--month=2025-03", "--host=quiet")).hasSize(2);
    }

    @Test
    void downtimesMayLieWithinEachOtherAndTheirBeginMayBePurged() throws Exception {
        row(MARCH - 1_000_000, 100, "", "", 0, 0);
        host(MARCH - 900, "nested", 1);
        row(MARCH - 500, BEGINS, "nested", "", 0, 0);
        row(MARCH - 100, BEGINS, "nested", "", 0, 0);
        row(MARCH + 100, ENDS, "nested", "", 0, 0);
        row(MARCH + 300, ENDS, "nested", "", 0, 0);
        row(MARCH - 400, ENDS, "purged", "", 0, 0);
        row(MARCH - 200, BEGINS, "purged", "", 0, 0);
        host(MARCH + 50, "purged", 1);
        host(MARCH + 150, "purged", 0);
        assertThat(report("availability", "--month=2025-03"))
                .contains(
                        "2025-03,nested,0,2678400,0,300,0,0.0,0.011",
                        "2025-03,purged,2678300,100,0,100,0,99.996,100.0");
    }

    @Test
    void availabilityOfALongerPeriodIsByMonthAndSaysWhatWasNotRecorded() throws Exception {
        host(MARCH + 400, "web1", 1);
        host(MARCH + 2_678_400 + 60, "web1", 0);
        assertThat(report("availability", "--from=2025-02-01", "--to=2025-04-02", "--host=web1"))
                .containsExactly(
                        "month,host_name,up,down,unreachable,planned,unrecorded,up_percent,up_or_planned_percent",
                        "2025-02,web1,0,0,0,0,2419200,,",
                        "2025-03,web1,0,2678000,0,0,400,0.0,0.0",
                        "2025-04,web1,86340,60,0,0,0,99.931,99.931");
    }

    @Test
    void topAlertsCountsHardProblems() throws Exception {
        for (int i = 0; i < 3; i++) {
            row(MARCH + i, SERVICE, "web1", "disk", 1 + i, 1);
            row(MARCH + 100 + i, SERVICE, "web1", "disk", 0, 1);
        }
        row(MARCH + 10, SERVICE, "web2", "disk", 2, 1);
        host(MARCH + 11, "web2", 1);
        row(MARCH + 12, HOST, "web3", "", 1, 0);
        host(MARCH - 1, "web3", 1);
        assertThat(report("top-alerts", "--month=2025-03"))
                .containsExactly(
                        "host_name,service_description,alerts,state_1,state_2,state_3,last_time",
                        "web1,disk,3,1,1,1," + (MARCH + 2),
                        "web2,,1,1,0,0," + (MARCH + 11),
                        "web2,disk,1,0,1,0," + (MARCH + 10));
        assertThat(report("top-alerts", "--month=2025-03", "--limit=1")).hasSize(2);
    }

    private void told(long time, String contact, String host, String service) throws Exception {
        database.execute(
                "INSERT INTO notification (origin, epoch, sequence, notification_type, start_time, start_time_usec,"
                        + " end_time, end_time_usec, contact_name, host_name, service_description, command_name, reason_type,"
                        + " state, output, ack_author, ack_data, escalated) VALUES (1, 1, " + ++sequence + ", 0, "
                        + time + ", 0, 0, 0, '" + contact + "', '" + host + "', '" + service
                        + "', 'mail', 0, 1, 'bad', '', '', 0)");
    }

    @Test
    void notificationsAreListedByContactAndByObjectTheNewestFirst() throws Exception {
        told(MARCH, "joe", "web1", "disk");
        told(MARCH + 5, "joe", "web1", "");
        told(MARCH + 5, "ann", "web1", "disk");
        told(MARCH + 6, "ann", "web2", "disk");
        told(MARCH - 1, "joe", "web1", "disk");
        assertThat(report("notifications-of-contact", "--contact=joe", "--month=2025-03"))
                .containsExactly(
                        "start_time,contact_name,host_name,service_description,reason_type,state,command_name,output,ack_author,ack_data",
                        (MARCH + 5) + ",joe,web1,,0,1,mail,bad,,",
                        MARCH + ",joe,web1,disk,0,1,mail,bad,,");
        assertThat(report("notifications-of-object", "--host=web1", "--month=2025-03"))
                .hasSize(4);
        assertThat(report("notifications-of-object", "--host=web1", "--service=", "--month=2025-03"))
                .hasSize(2);
        assertThat(report("notifications-of-object", "--host=web1", "--service=disk", "--month=2025-03"))
                .contains((MARCH + 5) + ",ann,web1,disk,0,1,mail,bad,,", MARCH + ",joe,web1,disk,0,1,mail,bad,,")
                .hasSize(3);
    }

    @Test
    void problemsAreHardOnesWithWhatIsDoneAboutThem() throws Exception {
        state("web1", "", 1, 1);
        state("web1", "disk", 2, 1);
        state("web2", "", 1, 0);
        state("web3", "", 0, 1);
        database.execute(
                "INSERT INTO acknowledgement VALUES ('web1', 'disk', 1, 1, 0, 'joe', '', '2025-03-01 00:00:00', NULL, 1)");
        database.execute(
                "INSERT INTO acknowledgement VALUES ('web1', '', 0, 1, 0, 'ann', '', '2025-03-01 00:00:00', NULL, 1)");
        database.execute("INSERT INTO downtime VALUES (1, 1, 1, 'web1', '', '2025-03-01 00:00:00', 'joe', '',"
                + " '2025-03-01 00:00:00', '2025-03-09 00:00:00', 1, 0, 1)");
        assertThat(report("problems"))
                .containsExactly(
                        "host_name,service_description,state,last_hard_state_change,acknowledged,acknowledged_by,downtimes,output",
                        "web1,,1,2025-03-02T00:00:00.000000Z,0,,1,text",
                        "web1,disk,2,2025-03-03T00:00:00.000000Z,1,joe,1,text");
        assertThat(mon.run("db", "report", "problems", "-o", "json").out())
                .contains("\"host_name\":\"web1\"", "\"downtimes\":1", "\"acknowledged_by\":\"joe\"");
        assertThat(mon.run("db", "report", "problems").out().lines())
                .hasSize(3)
                .anyMatch(line -> line.matches("web1 +disk +2 +2025-03-03T.*joe +1 +text"));
    }

    @Test
    void wrongUseIsRefusedBeforeAnythingIsAsked() {
        refused("no report; there are availability, top-alerts", "sla");
        refused("needs --contact", "notifications-of-contact");
        refused("takes no --contact", "availability", "--contact=joe");
        refused("has no period", "problems", "--from=7d");
        refused("write 2026-01", "availability", "--month=March");
        refused("is empty", "top-alerts", "--from=2025-03-02", "--to=2025-03-01");
        refused("1 at least", "top-alerts", "--limit=0");
        refused("a period of its own", "top-alerts", "--month=2025-03", "--from=7d");
        assertThat(mon.run("db", "report", "availability", "--sql").out()).contains("WITH host AS", ":from");
    }

    private void refused(String why, String... arguments) {
        List<String> line = new ArrayList<>(List.of("db", "report"));
        line.addAll(List.of(arguments));
        Mon.Ended ended = mon.run(line.toArray(String[]::new));
        assertThat(ended.status()).as(ended.toString()).isEqualTo(64);
        assertThat(ended.err()).contains(why);
        assertThat(ended.out()).isEmpty();
    }
}
