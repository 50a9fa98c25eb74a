package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.database.TestSinks.written;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.sink.NodeKnowledge;
import org.merlin.daemon.sink.Sink;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.NodeId;

/** What is written of what schedulers say, the same in every kind of database. */
abstract class DatabaseContract {
    private static final long BEGIN = TimeUnit.DAYS.toMicros(20_000);
    private static final MonitoredObject HOST = MonitoredObject.ofHost("web1");
    private static final MonitoredObject SERVICE = MonitoredObject.ofService("web1", "disk");

    @TempDir
    private Path place;

    private final List<Sink> started = new ArrayList<>();
    private TestSinks sinks;
    private WrittenLog log;
    private TestDatabase database;

    abstract TestDatabase database(Path folder) throws Exception;

    @BeforeEach
    void open() throws Exception {
        log = new WrittenLog();
        sinks = new TestSinks(place);
        database = database(place.resolve("database"));
    }

    @AfterEach
    void close() {
        sinks.close();
        database.close();
    }

    private Sink sink(String node, WrittenLog of) {
        Sink sink = sinks.start(node, of, database.conf(), database.folder());
        started.add(sink);
        return sink;
    }

    private void say(CheckResult result) {
        log.say("m1", 1, 1, result.timing().endMicros(), result);
    }

    private List<String> reports(int type) throws Exception {
        return database.rows(
                "SELECT state, hard, retry FROM report_data WHERE event_type = " + type + " ORDER BY timestamp");
    }

    @Test
    void aHostThatGoesDownAndComesBackGivesTheRowsOfTheOriginal() throws Exception {
        Results results = new Results(HOST, 3, BEGIN);
        for (int state : new int[] {1, 1, 1, 1, 0}) {
            say(results.next(state));
        }
        written(sink("m1", log));
        assertThat(reports(801)).containsExactly("1|0|1", "1|1|3", "0|1|1");
        assertThat(
                        database.rows(
                                "SELECT timestamp, host_name, service_description, output, long_output, downtime_depth FROM report_data WHERE event_type = 801 AND hard = 0"))
                .containsExactly((BEGIN / 1_000_000 + 60) + "|web1||state 1|more\nlines|0");
    }

    @Test
    void aServiceThatWasBadAtFirstGivesTheRowsOfTheOriginal() throws Exception {
        Results results = new Results(SERVICE, 3, BEGIN);
        for (int i = 0; i < 3; i++) {
            results.next(1); // before anybody listens
        }
        for (int state : new int[] {0, 1, 1, 1}) {
            say(results.next(state));
        }
        written(sink("m1", log));
        assertThat(reports(701)).containsExactly("0|1|1", "1|0|1", "1|1|3");
    }

    @Test
    void anEventIsWrittenOnceHoweverOftenTheWriterBeginsAnew() throws Exception {
        Results results = new Results(HOST, 3, BEGIN);
        for (int i = 0; i < 50; i++) {
            say(results.next(i % 4 == 0 ? 0 : 1));
        }
        written(sink("m1", log)).close();
        List<String> once = database.rows("SELECT origin, epoch, sequence, part FROM report_data ORDER BY id");
        database.execute("DELETE FROM sink_progress"); // it has forgotten how far it was
        written(sink("m1", log));
        assertThat(database.rows("SELECT origin, epoch, sequence, part FROM report_data ORDER BY id"))
                .isEqualTo(once);
    }

    @Test
    void theNewestStateCountsInWhateverOrderResultsCome() throws Exception {
        Results results = new Results(SERVICE, 3, BEGIN);
        CheckResult old = results.next(1);
        CheckResult fresh = results.output("\uD83D\uDE00 four bytes").next(2);
        log.say("m1", 1, 2, results.micros(), fresh);
        written(sink("m1", log));
        log.say("m2", 1, 1, results.micros(), old);
        written(started.get(0));
        await().until(() -> database.rows("SELECT COUNT(*) FROM sink_progress").equals(List.of("2")));
        assertThat(database.rows("SELECT node, state, revision, output FROM object_state"))
                .containsExactly("m1|2|2|\uD83D\uDE00 four bytes");
    }

    @Test
    void eachContactThatWasToldHasARow() throws Exception {
        log.say(
                "m1",
                1,
                0,
                BEGIN,
                new ContactNotification(SERVICE, "joe", "by-mail", 0, 2, "bad", "", "", BEGIN, BEGIN + 1_500_000));
        log.say(
                "m1",
                1,
                0,
                BEGIN,
                new ContactNotification(HOST, "ann", "by-sms", 1, 1, "down", "joe", "seen", BEGIN, BEGIN));
        written(sink("m1", log));
        assertThat(
                        database.rows(
                                "SELECT notification_type, start_time, end_time, end_time_usec, contact_name, host_name,"
                                        + " service_description, command_name, reason_type, state, output, ack_author, ack_data FROM notification ORDER BY id"))
                .containsExactly(
                        "1|1728000000|1728000001|500000|joe|web1|disk|by-mail|0|2|bad||",
                        "0|1728000000|1728000000|0|ann|web1||by-sms|1|1|down|joe|seen");
    }

    @Test
    void commentsAndAcknowledgementsAreThereUntilTheyAreTakenBack() throws Exception {
        EventName gone = log.say("m1", 1, 0, BEGIN, new Comment(HOST, BEGIN / 1_000_000, "joe", "one", true, 1, 0));
        log.say("m1", 1, 0, BEGIN, new Comment(HOST, BEGIN / 1_000_000, "ann", "two", false, 1, 0));
        log.say("m1", 1, 0, BEGIN, new Deletion(Deletion.Kind.COMMENT, gone, HOST));
        log.say(
                "m2",
                1,
                0,
                BEGIN,
                new Deletion(
                        Deletion.Kind.COMMENT, new EventName(NodeId.of("m3").origin(), 1, 1), HOST));
        log.say("m3", 1, 0, BEGIN, new Comment(HOST, BEGIN / 1_000_000, "eve", "deleted before it came", true, 1, 0));
        log.say(
                "m1",
                1,
                3,
                BEGIN,
                new Acknowledgement(SERVICE, true, 1, 1, true, false, true, "joe", "mine", BEGIN / 1_000_000, 0));
        log.say("m1", 1, 4, BEGIN, Acknowledgement.removed(SERVICE, BEGIN / 1_000_000));
        written(sink("m1", log));
        assertThat(database.rows("SELECT author, text, persistent FROM comment"))
                .containsExactly("ann|two|0");
        assertThat(database.rows("SELECT host_name, service_description, is_set, author FROM acknowledgement"))
                .containsExactly("web1|disk|0|");
    }

    @Test
    void anAcknowledgementIsOverWithItsProblemAndACommentAtItsEnd() throws Exception {
        Results results = new Results(SERVICE, 1, BEGIN);
        say(results.next(1));
        log.say("m1", 1, 3, BEGIN, acknowledged(SERVICE, true));
        say(results.next(2));
        log.say(
                "m1",
                1,
                0,
                BEGIN,
                new Comment(HOST, BEGIN / 1_000_000, "joe", "for a day", true, 1, BEGIN / 1_000_000 + 86_400));
        Results other = new Results(HOST, 1, BEGIN);
        say(other.next(1));
        log.say("m1", 1, 3, BEGIN, acknowledged(HOST, false));
        written(sink("m1", log)).close();
        assertThat(acknowledgements()).containsExactly("|1", "disk|1");
        say(other.next(2)); // another state, and its acknowledgement was not sticky
        say(results.next(0));
        written(sink("m1", log));
        assertThat(acknowledgements()).containsExactly("|0", "disk|0");
        assertThat(database.rows("SELECT text FROM comment")).isEmpty();
    }

    private static Acknowledgement acknowledged(MonitoredObject object, boolean sticky) {
        return new Acknowledgement(object, true, 1, 1, sticky, false, true, "joe", "mine", BEGIN / 1_000_000, 0);
    }

    private List<String> acknowledgements() throws Exception {
        return database.rows("SELECT service_description, is_set FROM acknowledgement ORDER BY service_description");
    }

    @Test
    void downtimesBeginAndEndInTheReports() throws Exception {
        long now = System.currentTimeMillis() / 1000;
        log.say("m1", 1, 0, BEGIN, downtime(now - 100, now - 50, true));
        log.say("m1", 1, 0, BEGIN, downtime(now - 10, now + 1_000, true));
        EventName running = log.say("m1", 1, 0, BEGIN, downtime(now - 20, now + 2_000, true));
        log.say("m1", 1, 0, BEGIN, downtime(now + 500, now + 1_000, true));
        written(sink("m1", log));
        assertThat(downtimeRows())
                .containsExactly(
                        (now - 100) + "|1103|1",
                        (now - 50) + "|1104|0",
                        (now - 20) + "|1103|1",
                        (now - 10) + "|1103|1");
        log.say("m1", 1, 0, (now + 7) * 1_000_000, new Deletion(Deletion.Kind.DOWNTIME, running, HOST));
        await().until(() -> downtimeRows().contains((now + 7) + "|1104|0"));
        assertThat(database.rows("SELECT phase FROM downtime ORDER BY phase")).containsExactly("0", "1");
    }

    private List<String> downtimeRows() throws Exception {
        return database.rows(
                "SELECT timestamp, event_type, downtime_depth FROM report_data WHERE event_type > 1100 ORDER BY timestamp");
    }

    private static Downtime downtime(long start, long end, boolean fixed) {
        return new Downtime(HOST, start - 5, "joe", "work", start, end, fixed, 300, EventName.NONE);
    }

    @Test
    void aFlexibleDowntimeBeginsWithAProblem() throws Exception {
        long second = System.currentTimeMillis() / 1_000 - 3_600;
        log.say("m1", 1, 0, BEGIN, downtime(second, second + 3_600, false));
        Results results = new Results(HOST, 2, second * 1_000_000);
        say(results.next(0));
        say(results.next(1));
        written(sink("m1", log));
        assertThat(downtimeRows()).isEmpty();
        say(results.next(1));
        long begun = (results.micros() + 100_000) / 1_000_000;
        await().until(() -> downtimeRows().equals(List.of(begun + "|1103|1", (begun + 300) + "|1104|0")));
    }

    @Test
    void flappingBeginsAndEndsInTheReports() throws Exception {
        Results results = new Results(SERVICE, 1, BEGIN);
        say(results.next(2));
        say(results.flapping(true).next(2));
        say(results.next(2));
        written(sink("m1", log)).close();
        say(results.flapping(false).next(2));
        written(sink("m1", log));
        assertThat(database.rows(
                        "SELECT event_type, service_description FROM report_data WHERE event_type >= 1000 ORDER BY id"))
                .containsExactly("1000|disk", "1001|disk");
    }

    @Test
    void aSchedulersRunsBeginInTheReports() throws Exception {
        log.say("m1", 1, 1, BEGIN, new Results(HOST, 1, BEGIN).next(0));
        log.say("m1", 2, 1, BEGIN + 5_000_000, new Results(HOST, 1, BEGIN).next(0));
        written(sink("m1", log));
        assertThat(database.rows(
                        "SELECT event_type, timestamp, output FROM report_data WHERE event_type < 200 ORDER BY id"))
                .containsExactly("100|1728000000|m1", "103|1728000005|m1");
    }

    @Test
    void onlyTheRowsThatAreNotTakenAreSetAside() throws Exception {
        say(new Results(MonitoredObject.ofHost("x".repeat(300)), 1, BEGIN).next(1));
        say(new Results(HOST, 1, BEGIN).output("y".repeat(100_000)).next(1));
        Sink sink = written(sink("m1", log));
        assertThat(sink.view().setAside()).isEqualTo(1);
        assertThat(sink.view().problem()).contains("set aside");
        assertThat(place.resolve("m1/set-aside.json")).content().contains("x".repeat(300));
        assertThat(database.rows("SELECT LENGTH(output) FROM object_state"))
                .containsExactly("16384"); // the bound of a packet's text
    }

    @Test
    void whatNoLogHasAnyMoreIsCounted() throws Exception {
        log.say("m1", 1, 1, BEGIN, new Results(HOST, 1, BEGIN).next(0));
        log.lose("m1", 1, 7);
        log.say("m1", 1, 1, BEGIN, new Results(HOST, 1, BEGIN).next(1));
        assertThat(written(sink("m1", log)).view().lost()).isEqualTo(7);
    }

    @Test
    void whatCameByAStateTableStandsInTheTablesOfThePresentAlone() throws Exception {
        Results results = new Results(HOST, 1, BEGIN);
        log.say("m1", 1, 1, BEGIN, results.next(0));
        log.sayByState("m1", 1, 2, BEGIN + 1, results.next(1));
        log.sayByState("m1", 1, 0, BEGIN + 2, new Comment(HOST, 1_800_000_000, "anna", "came late", true, 1, 0));
        written(sinks.start(
                "m1", log, database.conf(), database.folder(), new TestSinks.Knowledge(log::states, List.of())));
        await().until(() -> database.rows("SELECT text FROM comment").equals(List.of("came late")));
        await().until(() ->
                database.rows("SELECT state, revision FROM object_state").equals(List.of("1|2")));
        assertThat(reports(801)).as("it is not known what came before").isEmpty();
    }

    @Test
    void whatIsTooOldGoesWhereThatIsSaid() throws Exception {
        Results results = new Results(HOST, 1, BEGIN);
        for (int i = 0; i < 10; i++) {
            say(results.next(i % 2));
        }
        MerlinConf.Database usual = database.conf();
        MerlinConf.Database conf = new MerlinConf.Database(
                usual.type(),
                usual.hosts(),
                usual.port(),
                usual.name(),
                usual.user(),
                usual.pass(),
                usual.url(),
                true,
                true,
                true,
                usual.failoverTimeout(),
                Optional.of(Duration.ofDays(1)));
        Sink sink = sinks.start("m1", log, conf, database.folder());
        written(sink);
        await().until(() -> reports(801).size() == 1); // the last of each object stays
    }

    @Test
    void comingAndGoingOfNodesIsHistory() throws Exception {
        Sink sink = written(sink("m1", log));
        sink.onNode(new Sink.NodeChange("m2", BEGIN, "ACTIVE", "CTRL_ACTIVE"));
        sink.onNode(new Sink.NodeChange("m2", BEGIN + 1, "DISCONNECTED", "closed by the other side"));
        await().until(() -> database.rows("SELECT node, state, reason, seen_by FROM node_history ORDER BY happened")
                .equals(List.of("m2|ACTIVE|CTRL_ACTIVE|m1", "m2|DISCONNECTED|closed by the other side|m1")));
        assertThat(database.rows("SELECT node, state FROM program_status")).containsExactly("m2|DISCONNECTED");
    }

    @Test
    void whichConfigurationEachNodeRunsIsHistory() throws Exception {
        List<NodeKnowledge.Generation> runs = List.of(
                new NodeKnowledge.Generation("m1", "a1", BEGIN, "m1", "a new host"),
                new NodeKnowledge.Generation("p1", "b2", BEGIN + 1, "m1", "a new host"));
        TestSinks.Knowledge knowledge = new TestSinks.Knowledge(() -> Optional::empty, runs);
        Sink first = written(sinks.start("m1", log, database.conf(), database.folder(), knowledge));
        List<String> rows = List.of("m1|a1|m1|a new host", "p1|b2|m1|a new host");
        String sql = "SELECT node, hash, author, note FROM oconf_generation ORDER BY node";
        await().until(() -> database.rows(sql).equals(rows));
        first.close();
        Sink second = sinks.start("m2", log, database.conf(), database.folder(), knowledge); // it sees them anew
        await().until(second::view, view -> view.rows() == rows.size());
        assertThat(database.rows(sql)).isEqualTo(rows);
    }
}
