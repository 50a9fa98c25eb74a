package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.module.quartz.notes.Note;
import org.merlin.module.quartz.notes.Outage;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;

class NotesTest {
    private static final MonitoredObject SERVICE = MonitoredObject.ofService("h", "s");

    @TempDir
    Path directory;

    private Bench bench;

    private void bench() throws IOException {
        bench = new Bench(directory, "", "");
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    private <T> List<T> heard(Class<T> type) {
        return bench.broker.heard.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    // --- acknowledgements
    // ---------------------------------------------------------------------------------------------

    private boolean isAcknowledged() {
        return bench.port.isAcknowledged(bench.index("h;s"));
    }

    @Test
    void anAcknowledgementIsToldSilencesAndHasAComment() throws IOException {
        bench();
        bench.finds("h;s", 2, 2);
        bench.ran();
        bench.command("ACKNOWLEDGE_SVC_PROBLEM;h;s;1;1;0;me;mine");
        assertThat(bench.ran()).containsExactly("mail ACKNOWLEDGEMENT 1 ann@example.org h 'mine'");
        assertThat(bench.log).contains("SERVICE NOTIFICATION: ann;h;s;ACKNOWLEDGEMENT (CRITICAL);mail;out;me;mine");
        assertThat(heard(Acknowledgement.class)).hasSize(1);
        assertThat(heard(Comment.class)).extracting(Comment::text).containsExactly("mine");
        bench.minutes(100);
        bench.finds("h;s", 2);
        assertThat(bench.ran()).isEmpty();
    }

    @Test
    void itEndsWithTheStateOrTheProblem() throws IOException {
        bench();
        bench.finds("h;s", 2, 2);
        bench.command("ACKNOWLEDGE_SVC_PROBLEM;h;s;1;0;0;me;mine");
        bench.finds("h;s", 1);
        assertThat(isAcknowledged()).isFalse();
        bench.command("ACKNOWLEDGE_SVC_PROBLEM;h;s;2;0;1;me;mine");
        bench.finds("h;s", 2);
        assertThat(isAcknowledged()).as("sticky").isTrue();
        bench.finds("h;s", 0);
        assertThat(isAcknowledged()).isFalse();
        assertThat(bench.notes.allComments())
                .as("the persistent one stays")
                .extracting(note -> note.comment().persistent())
                .containsExactly(true);
        assertThat(bench.broker.gone).containsExactly("comment 1");
    }

    @Test
    void itOutlivesThatTheProblemIsConfirmed() throws IOException {
        bench();
        bench.finds("h;s", 2);
        bench.command("ACKNOWLEDGE_SVC_PROBLEM;h;s;1;0;0;me;mine");
        bench.finds("h;s", 2);
        assertThat(isAcknowledged()).isTrue();
        assertThat(bench.ran()).isEmpty();
    }

    @Test
    void whatIsFineCannotBeAcknowledged() throws IOException {
        bench();
        bench.command("ACKNOWLEDGE_SVC_PROBLEM;h;s;1;1;0;me;mine");
        assertThat(isAcknowledged()).isFalse();
        assertThat(bench.broker.heard).isEmpty();
    }

    @Test
    void itCanBeTakenBack() throws IOException {
        bench();
        bench.finds("h;s", 2, 2);
        bench.command("ACKNOWLEDGE_SVC_PROBLEM_EXPIRE;h;s;1;0;0;1700000100;me;mine");
        assertThat(heard(Acknowledgement.class))
                .extracting(Acknowledgement::endSeconds)
                .containsExactly(1_700_000_100L);
        bench.command("REMOVE_SVC_ACKNOWLEDGEMENT;h;s");
        assertThat(isAcknowledged()).isFalse();
        assertThat(bench.broker.gone).containsExactly("comment 1", "acknowledgement of 1");
        assertThat(bench.notes.allComments()).isEmpty();
    }

    @Test
    void whatOthersAcknowledgeHoldsHere() throws IOException {
        bench();
        bench.finds("h;s", 2, 2);
        bench.ran();
        Acknowledgement theirs = new Acknowledgement(SERVICE, true, 1, 1, true, false, true, "they", "ours", 5, 0);
        bench.port.acknowledge(bench.index("h;s"), theirs, false);
        assertThat(isAcknowledged()).isTrue();
        assertThat(bench.ran()).isEmpty();
        bench.port.removeAcknowledgement(bench.index("h;s"));
        assertThat(isAcknowledged()).isFalse();
        assertThat(bench.broker.gone).as("nobody commanded it").containsExactly("comment 1");
    }

    // --- comments
    // -----------------------------------------------------------------------------------------------------

    @Test
    void commentsAreAddedFoundAndDeleted() throws IOException {
        bench();
        bench.command("ADD_SVC_COMMENT;h;s;1;me;one");
        bench.command("ADD_HOST_COMMENT;h;0;me;two");
        Comment one = heard(Comment.class).get(0);
        assertThat(bench.port.findComment(bench.index("h;s"), one)).hasValue(1);
        assertThat(bench.port.findComment(bench.index("h"), one)).isEmpty();
        assertThat(bench.port.has(Deletion.Kind.COMMENT, 0, 2)).isTrue();
        bench.command("DEL_SVC_COMMENT;1");
        bench.command("DEL_ALL_HOST_COMMENTS;h");
        assertThat(bench.broker.gone).containsExactly("comment 1 by command", "comment 2 by command");
        assertThat(bench.port.has(Deletion.Kind.COMMENT, 0, 2)).isFalse();
    }

    @Test
    void aCommentExpires() throws IOException {
        bench();
        bench.port.addComment(
                bench.index("h"), new Comment(MonitoredObject.ofHost("h"), 1, "me", "x", true, 1, Bench.START + 120));
        bench.minutes(1);
        assertThat(bench.notes.allComments()).hasSize(1);
        bench.minutes(1);
        assertThat(bench.notes.allComments()).isEmpty();
        assertThat(bench.broker.gone).containsExactly("comment 1");
    }

    @Test
    void aFloodOfCommentsIsRefusedAtTheBound() throws IOException {
        bench();
        Comment comment = new Comment(SERVICE, 1, "me", "x", true, 1, 0);
        long last = 1;
        for (int i = 0; i <= 100_000; i++) {
            last = bench.port.addComment(bench.index("h;s"), comment);
        }
        assertThat(last).isZero();
        assertThat(bench.notes.allComments()).hasSize(100_000);
        assertThat(bench.log).last().asString().contains("There are 100000 comments");
        bench.command("DEL_ALL_SVC_COMMENTS;h;s");
        assertThat(bench.notes.allComments()).isEmpty();
    }

    @Test
    void onlyPersistentCommentsOutliveARestartAndNumbersAreNeverReused() throws IOException {
        bench();
        bench.command("ADD_SVC_COMMENT;h;s;1;me;stays");
        bench.command("ADD_SVC_COMMENT;h;s;0;me;goes");
        bench = bench.restarted("", "");
        assertThat(bench.notes.allComments())
                .extracting(note -> note.comment().text())
                .containsExactly("stays");
        bench.command("ADD_SVC_COMMENT;h;s;0;me;new");
        assertThat(bench.notes.allComments()).extracting(Note::id).containsExactly(1L, 3L);
    }

    // --- downtimes
    // ----------------------------------------------------------------------------------------------------

    private String downtime(int startMinutes, int endMinutes, boolean fixed, int trigger, int durationMinutes) {
        return (Bench.START + startMinutes * 60) + ";" + (Bench.START + endMinutes * 60) + ";" + (fixed ? 1 : 0) + ";"
                + trigger + ";" + durationMinutes * 60 + ";me;work";
    }

    @Test
    void aFixedDowntimeSilencesFromStartToEnd() throws IOException {
        bench();
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(10, 20, true, 0, 0));
        assertThat(heard(Downtime.class))
                .containsExactly(new Downtime(
                        SERVICE,
                        Bench.START,
                        "me",
                        "work",
                        Bench.START + 600,
                        Bench.START + 1200,
                        true,
                        600,
                        EventName.NONE));
        assertThat(heard(Comment.class))
                .extracting(Comment::text)
                .containsExactly("This service has been scheduled for fixed downtime from 11-14-2023 22:23:20 to"
                        + " 11-14-2023 22:33:20.  Notifications for the service will not be sent out during that time"
                        + " period.");
        bench.minutes(10);
        assertThat(bench.ran()).containsExactly("mail DOWNTIMESTART 0 ann@example.org h 'work'");
        bench.finds("h;s", 2, 2);
        assertThat(bench.ran()).isEmpty();
        bench.minutes(10);
        assertThat(bench.ran()).containsExactly("mail DOWNTIMEEND 0 ann@example.org h 'work'");
        assertThat(bench.log)
                .contains(
                        "SERVICE DOWNTIME ALERT: h;s;STARTED; Service has entered a period of scheduled downtime",
                        "SERVICE DOWNTIME ALERT: h;s;STOPPED; Service has exited from a period of scheduled downtime");
        assertThat(bench.broker.gone).containsExactly("downtime 1", "comment 1");
        bench.finds("h;s", 2);
        assertThat(bench.ran()).containsExactly("mail PROBLEM 1 ann@example.org h ''");
    }

    @Test
    void aFlexibleOneBeginsWithAProblemAndLastsItsTime() throws IOException {
        bench();
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(10, 20, false, 0, 30));
        bench.finds("h;s", 2, 0);
        bench.minutes(19);
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isZero();
        bench.finds("h;s", 1);
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isEqualTo(1);
        bench.minutes(29);
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isEqualTo(1);
        bench.minutes(1);
        assertThat(bench.notes.allDowntimes()).isEmpty();
    }

    @Test
    void aFlexibleOneWithoutAProblemGoesSilently() throws IOException {
        bench();
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(10, 20, false, 0, 30));
        bench.minutes(20);
        assertThat(bench.ran()).isEmpty();
        assertThat(bench.broker.gone).containsExactly("downtime 1", "comment 1");
    }

    @Test
    void aTriggeredOneBeginsWithItsTrigger() throws IOException {
        bench();
        bench.command("SCHEDULE_HOST_DOWNTIME;h;" + downtime(0, 20, false, 0, 10));
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(0, 20, false, 1, 10));
        bench.finds("h;s", 2);
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isZero();
        bench.finds("h", 1);
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isEqualTo(1);
        bench.command("DEL_HOST_DOWNTIME;1");
        assertThat(bench.notes.allDowntimes()).isEmpty();
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isZero();
        assertThat(bench.broker.gone).contains("downtime 1 by command", "downtime 2 by command");
        assertThat(bench.log)
                .contains("HOST DOWNTIME ALERT: h;CANCELLED; Scheduled downtime for host has been cancelled.");
        assertThat(bench.ran()).last().asString().startsWith("mail DOWNTIMECANCELLED");
    }

    @Test
    void whatATriggerBeginsInTheSameSecondLastsItsTime() throws IOException {
        bench();
        bench.command("SCHEDULE_HOST_DOWNTIME;h;" + downtime(10, 20, true, 0, 0));
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(5, 20, false, 1, 30));
        bench.minutes(10);
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isEqualTo(1);
        bench.minutes(10);
        assertThat(bench.notes.allDowntimes()).extracting(Outage::id).containsExactly(2L);
        bench.minutes(20);
        assertThat(bench.notes.allDowntimes()).isEmpty();
    }

    @Test
    void aDowntimeThatIsOverOrUpsideDownIsRefused() throws IOException {
        bench();
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(-20, -10, true, 0, 0));
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(20, 10, true, 0, 0));
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(0, 10, true, 77, 0));
        assertThat(bench.notes.allDowntimes()).isEmpty();
    }

    @Test
    void downtimesAreDeletedByNameStartAndComment() throws IOException {
        bench();
        bench.command("SCHEDULE_HOST_SVC_DOWNTIME;h;" + downtime(5, 20, true, 0, 0));
        bench.command("SCHEDULE_HOST_DOWNTIME;h;" + downtime(6, 20, true, 0, 0));
        bench.command("DEL_DOWNTIME_BY_HOST_NAME;h;;" + (Bench.START + 300) + ";work");
        assertThat(bench.notes.allDowntimes()).extracting(Outage::id).containsExactly(2L);
        bench.command("DEL_DOWNTIME_BY_START_TIME_COMMENT;;work");
        assertThat(bench.notes.allDowntimes()).isEmpty();
    }

    @Test
    void anotherNodesDowntimeIsFoundAndDeletedSilently() throws IOException {
        bench();
        Downtime theirs = new Downtime(
                SERVICE, 1, "they", "w", Bench.START, Bench.START + 600, true, 600, new EventName(1, 2, 3));
        long id = bench.port.addDowntime(bench.index("h;s"), theirs, 0);
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isEqualTo(1);
        assertThat(bench.port.findDowntime(bench.index("h;s"), theirs)).hasValue(id);
        bench.port.deleteDowntime(bench.index("h;s"), id);
        assertThat(bench.port.has(Deletion.Kind.DOWNTIME, bench.index("h;s"), id))
                .isFalse();
        assertThat(bench.broker.gone).noneMatch(line -> line.endsWith("by command"));
    }

    @Test
    void downtimesAndAcknowledgementsOutliveARestart() throws IOException {
        bench();
        bench.finds("h;s", 2, 2);
        bench.command("ACKNOWLEDGE_SVC_PROBLEM;h;s;2;0;0;me;mine");
        bench.command("SCHEDULE_SVC_DOWNTIME;h;s;" + downtime(0, 10, true, 0, 0));
        bench = bench.restarted("", "");
        assertThat(bench.notes.downtimes(bench.index("h;s"))).isEqualTo(1);
        assertThat(isAcknowledged()).isTrue();
        assertThat(bench.notes.allComments()).hasSize(2);
        bench.minutes(10);
        assertThat(bench.notes.allDowntimes()).isEmpty();
        assertThat(bench.ran()).hasSize(1);
    }
}
