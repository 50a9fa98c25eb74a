package org.merlin.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.merlin.module.Confs.aConf;
import static org.merlin.module.Results.aResult;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentQuery;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.KnownEpochs;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

@Timeout(60)
final class BrokerModuleTest {
    private static final long LEIA = NodeId.of("leia").origin();
    private static final long LUKE = NodeId.of("luke").origin();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2020-01-01T01:00:00Z"), ZoneOffset.UTC);
    private static final long SECONDS = CLOCK.millis() / 1000;
    private static final StreamId LEIAS = new StreamId(LEIA, 10);

    @TempDir
    Path dir;

    private FakeScheduler scheduler;
    private BrokerModule module;
    private FakeDaemon daemon;

    @BeforeEach
    void startDaemon() throws IOException {
        daemon = new FakeDaemon(dir.resolve("ipc.sock"));
    }

    @AfterEach
    void stop() throws IOException {
        if (module != null) {
            module.close();
            scheduler.close();
        }
        daemon.close();
    }

    private void startModule(Memory memory) {
        startModule(aConf("luke", dir).peer("leia").build(), memory);
    }

    private void startModule(MerlinConf conf, Memory memory) {
        startModule(conf, memory, new int[FakeScheduler.twoHosts(4).entries().size()]);
    }

    private void startModule(MerlinConf conf, Memory memory, int[] revisions) {
        scheduler = new FakeScheduler(FakeScheduler.twoHosts(4));
        module = BrokerModule.start(conf, scheduler, memory, revisions, CLOCK, NanoClock.SYSTEM);
        scheduler.runWith(module);
    }

    @Test
    void aSecondSchedulerWithTheSameFolderIsRefusedWhileTheFirstRuns() throws IOException {
        startModule(Memory.NONE);
        FakeScheduler second = new FakeScheduler(FakeScheduler.twoHosts(4));
        MerlinConf conf = aConf("luke", dir).peer("leia").build();
        assertThatThrownBy(() -> BrokerModule.start(conf, second, Memory.NONE, new int[6], CLOCK, NanoClock.SYSTEM))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("another scheduler with this merlin.conf runs");
        module.close();
        scheduler.close();
        startModule(Memory.NONE);
    }

    private void connected() {
        await().until(daemon::connected);
    }

    private MonitoredObject object(int index) {
        return scheduler.objects().entries().get(index).object();
    }

    private void report(int index, String text) {
        module.onResult(index, aResult(object(index), 1_000_000, text));
    }

    private <T> T onThread(java.util.function.Supplier<T> question) {
        List<T> answer = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        scheduler.onThread(() -> {
            answer.add(question.get());
            done.countDown();
        });
        await().until(() -> done.getCount() == 0);
        return answer.get(0);
    }

    private Chunk chunkOf(StreamId stream, long after, Event event, int revision, long timeMicros, MonitoredObject of) {
        ByteBuffer body = new EventCodec().encode(event);
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        new PacketWriter()
                .event(
                        out,
                        new PacketWriter.EventHeader(
                                EventCodec.typeOf(event),
                                3,
                                0,
                                stream.origin(),
                                after + 1,
                                stream.epoch(),
                                revision,
                                timeMicros,
                                of.key()),
                        body);
        return new Chunk(stream, 0, after, after + 1, 1, out.flip());
    }

    private Chunk resultOf(StreamId stream, long after, int index, int revision, String text) {
        CheckResult result = aResult(object(index), 2_000_000 + after, text);
        return chunkOf(stream, after, result, revision, 2_000_000 + after, object(index));
    }

    @Test
    void introducesItself() throws Exception {
        startModule(Memory.NONE);
        connected();
        await().until(() -> daemon.controls.contains(PacketType.CTRL_ACTIVE));

        assertThat(daemon.controls.subList(0, 3))
                .containsExactly(PacketType.PULSE, PacketType.MARKS, PacketType.CTRL_ACTIVE);
        assertThat(daemon.pulses.get(0).name()).isEqualTo("luke");
        assertThat(daemon.heardMarks.get(0).kind()).isEqualTo(Marks.Kind.ALL);
        NodeInfo info = NodeInfo.decode(daemon.lastBody.get(PacketType.CTRL_ACTIVE));
        assertThat(info.hosts()).isEqualTo(2);
        assertThat(info.services()).isEqualTo(8);
        assertThat(info.scheduler()).isEqualTo("fake 1");
        assertThat(info.epoch()).isEqualTo(2 * 3600);
        assertThat(info.startMicros()).isEqualTo(CLOCK.millis() * 1000);
        assertThat(info.listsOf(0)).isNotZero();
    }

    @Test
    void sendsResultsInOrderAndForgetsThemWhenAcknowledged() {
        startModule(Memory.NONE);
        connected();
        onThread(() -> {
            for (int i = 0; i < 1000; i++) {
                report(i % 10, "r" + i);
            }
            return 0;
        });
        await().until(() -> daemon.sequences.size() == 1000);

        assertThat(daemon.sequences)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 1000).boxed().toList());
        await().until(() -> lastFigure("outbox_events") == 0 && lastFigure("results_sent") == 1000);
        assertThat(lastFigure("services_run")).isEqualTo(800);
        assertThat(lastFigure("hosts_run")).isEqualTo(200);
    }

    private long lastFigure(String name) {
        return daemon.pulses.get(daemon.pulses.size() - 1).figures().get(name);
    }

    @Test
    void revisionsRiseByOneWithEachResult() {
        startModule(Memory.NONE);
        int first = onThread(() -> module.onResult(1, aResult(object(1), 5, "a")));
        int second = onThread(() -> module.onResult(1, aResult(object(1), 6, "b")));
        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(2);
    }

    @Test
    void sendsAgainWhatARestartedDaemonDoesNotHave() throws Exception {
        startModule(Memory.NONE);
        connected();
        daemon.acknowledging = false;
        onThread(() -> {
            report(0, "one");
            report(1, "two");
            return 0;
        });
        await().until(() -> daemon.sequences.size() == 2);
        daemon.marks.clear(); // it died before its sync
        daemon.acknowledging = true;
        daemon.cut();
        await().until(() -> daemon.sequences.size() == 4);

        assertThat(daemon.sequences).containsExactly(1L, 2L, 1L, 2L);
    }

    @Test
    void namesTheGapIfTheDaemonLostWhatItHadAcknowledged() throws Exception {
        startModule(Memory.NONE);
        connected();
        onThread(() -> {
            report(0, "one");
            return 0;
        });
        await().until(() -> lastFigure("outbox_events") == 0 && daemon.sequences.size() == 1);
        daemon.marks.clear();
        daemon.cut();
        await().until(() -> !daemon.lost.isEmpty());

        assertThat(daemon.lost.get(0).after()).isZero();
        assertThat(daemon.lost.get(0).upTo()).isEqualTo(1);
    }

    @Test
    void whatAKilledSchedulerHadNotHandedOverComesFromTheNextOne() throws Exception {
        daemon.close();
        startModule(Memory.NONE);
        onThread(() -> {
            for (int i = 0; i < 50; i++) {
                report(i % 10, "r" + i);
            }
            return 0;
        });
        module.close();
        scheduler.close();
        daemon = new FakeDaemon(dir.resolve("ipc.sock"));
        startModule(Memory.NONE);
        onThread(() -> {
            report(0, "new");
            return 0;
        });
        await().until(() -> daemon.sequences.size() == 51);

        assertThat(daemon.marks).hasSize(2);
        assertThat(daemon.sequences.subList(0, 50))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 50).boxed().toList());
        assertThat(daemon.sequences.get(50)).isEqualTo(1);
    }

    @Test
    void appliesWhatIsNewerAndPutsTheRestIntoHistory() {
        startModule(Memory.NONE);
        connected();
        daemon.send(resultOf(LEIAS, 0, 3, 5, "newer"));
        daemon.send(resultOf(LEIAS, 1, 3, 4, "older"));
        await().until(() -> !scheduler.history.isEmpty());

        assertThat(scheduler.applied).containsExactly("3:5:newer");
        assertThat(scheduler.history).containsExactly("3:older");
        await().until(() -> acknowledged(LEIAS) == 2);
        Memory memory = onThread(() -> module.memory().get());
        assertThat(memory.applied()).containsExactly(new Memory.Applied(LEIA, 10, 2, 2));
        assertThat(memory.resultsReceived()).isEqualTo(2);
        assertThat(memory.resultsApplied()).isEqualTo(1);
        assertThat(memory.duplicates()).isZero();
    }

    private long acknowledged(StreamId stream) {
        return daemon.heardMarks.stream()
                .filter(marks -> marks.kind() == Marks.Kind.ACKNOWLEDGED)
                .flatMap(marks -> marks.marks().stream())
                .filter(mark -> mark.stream().equals(stream))
                .mapToLong(Marks.Mark::sequence)
                .max()
                .orElse(0);
    }

    @Test
    void whatComesTwiceIsAppliedOnce() {
        startModule(Memory.NONE);
        connected();
        for (int i = 0; i < 3; i++) {
            daemon.send(resultOf(LEIAS, 0, 3, 1, "same"));
        }
        daemon.send(resultOf(LEIAS, 1, 4, 1, "last"));
        await().until(() -> scheduler.applied.size() == 2);

        assertThat(scheduler.applied).containsExactly("3:1:same", "4:1:last");
        assertThat(scheduler.history).isEmpty();
        assertThat(onThread(() -> module.memory().get()).resultsReceived()).isEqualTo(2);
    }

    @Test
    void asksForWhatIsMissingInsteadOfTakingWhatComesAfter() {
        startModule(Memory.NONE);
        connected();
        daemon.send(resultOf(LEIAS, 1, 3, 1, "too early"));
        await().until(() -> daemon.heardMarks.stream().anyMatch(marks -> marks.kind() == Marks.Kind.GO_BACK));
        assertThat(scheduler.applied).isEmpty();
        daemon.send(resultOf(LEIAS, 0, 3, 1, "first"));
        daemon.send(resultOf(LEIAS, 1, 3, 2, "second"));
        await().until(() -> scheduler.applied.size() == 2);
        assertThat(scheduler.applied).containsExactly("3:1:first", "3:2:second");
    }

    @Test
    void goesOnBehindWhatTheLastRunHadApplied() {
        startModule(new Memory(List.of(new Memory.Applied(LEIA, 10, 1, 1)), 1, 1, 0, 0, 7));
        connected();
        assertThat(daemon.heardMarks.get(0).marks()).containsExactly(new Marks.Mark(LEIAS, 1));
        daemon.send(resultOf(LEIAS, 0, 3, 1, "known"));
        daemon.send(resultOf(LEIAS, 1, 3, 2, "new"));
        await().until(() -> !scheduler.applied.isEmpty());
        assertThat(scheduler.applied).containsExactly("3:2:new");
        assertThat(onThread(() -> module.memory().get()).checksRun()).isEqualTo(7);
    }

    @Test
    void whatStillComesOfAnEpochThatIsLongOverWasThereAlready() {
        startModule(Memory.NONE);
        connected();
        daemon.send(resultOf(LEIAS, 0, 3, 1, "long ago"));
        for (int i = 1; i <= KnownEpochs.KEPT; i++) {
            daemon.send(resultOf(new StreamId(LEIA, LEIAS.epoch() + 2 * i), 0, 3, 1 + i, "run " + i));
        }
        daemon.send(resultOf(LEIAS, 1, 3, 0, "late"));
        await().until(() -> acknowledged(LEIAS) == 2);

        assertThat(scheduler.applied).hasSize(1 + KnownEpochs.KEPT);
        assertThat(scheduler.history).isEmpty();
        assertThat(onThread(() -> module.memory().get()).applied()).hasSize(KnownEpochs.KEPT);
    }

    @Test
    void countsWhatIsLostForGood() {
        startModule(Memory.NONE);
        connected();
        daemon.send(resultOf(LEIAS, 0, 3, 1, "before the gap"));
        daemon.send(Chunk.lost(LEIAS, 1, 41));
        daemon.send(resultOf(LEIAS, 41, 3, 2, "after the gap"));
        await().until(() -> scheduler.applied.size() == 2);
        assertThat(onThread(() -> module.memory().get()).gaps()).isEqualTo(40);
    }

    @Test
    void whatHappenedBeforeItsFirstStartItHasNotMissed() {
        startModule(Memory.NONE);
        connected();
        daemon.send(Chunk.lost(LEIAS, 0, 40));
        daemon.send(resultOf(LEIAS, 40, 3, 1, "after it"));
        await().until(() -> !scheduler.applied.isEmpty());
        assertThat(onThread(() -> module.memory().get()).gaps()).isZero();
    }

    /** Items are of any stream, in any order, and move no mark. */
    @Test
    void itemsOfTheStateTableAreAppliedWhereTheySayMoreThanIsKnown() throws Exception {
        startModule(Memory.NONE);
        connected();
        await().until(() -> daemon.controls.contains(PacketType.STATE_ASK));
        daemon.send(resultOf(LEIAS, 0, 3, 5, "known"));
        await().until(() -> scheduler.applied.contains("3:5:known"));
        for (Chunk of : List.of(
                resultOf(LEIAS, 700, 3, 4, "older"),
                resultOf(LEIAS, 701, 3, 6, "newer"),
                resultOf(LEIAS, 701, 3, 6, "newer"))) {
            daemon.send(Chunk.items(1, of.packets()));
        }
        daemon.send(resultOf(LEIAS, 1, 3, 6, "newer")); // its stream brings what the table had sooner
        daemon.send(resultOf(LEIAS, 2, 3, 7, "live"));
        await().until(() -> scheduler.applied.contains("3:7:live"));
        assertThat(scheduler.applied).containsExactly("3:5:known", "3:6:newer", "3:7:live");
        Memory memory = onThread(() -> module.memory().get());
        assertThat(memory.resultsReceived()).as("as events").isEqualTo(3);
        assertThat(memory.duplicates()).isZero();
        assertThat(memory.gaps()).isZero();
    }

    @Test
    void aDeletionThatTheStateTableDoesNotKnowIsToldAgain() throws Exception {
        startModule(Memory.NONE);
        connected();
        await().until(() -> daemon.controls.contains(PacketType.STATE_ASK));
        Comment comment = new Comment(object(0), 1, "anna", "soon fixed", true, 1, 0);
        Chunk told = chunkOf(LEIAS, 0, comment, 0, 1_000_000, object(0));
        daemon.send(told);
        await().until(() -> !scheduler.comments.isEmpty());
        onThread(() -> {
            module.onCommentGone(scheduler.comments.keySet().iterator().next(), true);
            return 0;
        });
        await().until(() -> daemon.sequences.size() == 1);
        daemon.send(Chunk.items(1, told.packets()));
        await().until(() -> daemon.sequences.size() == 2);
        assertThat(scheduler.comments).as("it is not made again").hasSize(1);
    }

    /** Two nodes that are apart find states of the same revision; all must end with the same one, also who starts anew meanwhile. */
    @Test
    void anItemOfTheRevisionThatWasKeptIsAppliedIfAnotherNodeFoundALaterState() throws Exception {
        startModule(Memory.NONE);
        connected();
        daemon.send(resultOf(LEIAS, 0, 3, 5, "kept"));
        daemon.send(resultOf(LEIAS, 1, 4, 5, "kept too"));
        await().until(() -> scheduler.applied.contains("4:5:kept too"));
        Memory memory = onThread(() -> module.memory().get());
        int[] revisions = onThread(module::revisions);
        module.close();
        scheduler.close();
        startModule(aConf("luke", dir).peer("leia").build(), memory, revisions);
        connected();
        StreamId third = new StreamId(NodeId.of("yoda").origin(), 3);
        for (Chunk of : List.of(
                resultOf(third, 700, 3, 5, "found later"),
                resultOf(LEIAS, 0, 3, 5, "kept"),
                resultOf(third, 0, 4, 5, "found sooner"))) {
            daemon.send(Chunk.items(1, of.packets()));
        }
        daemon.send(resultOf(LEIAS, 2, 4, 6, "live"));
        await().until(() -> scheduler.applied.contains("4:6:live"));
        assertThat(scheduler.applied).containsExactly("3:5:found later", "4:6:live");
    }

    private void tellState(Chunk... items) throws Exception {
        await().until(() -> daemon.controls.contains(PacketType.STATE_ASK));
        int id = StateAsk.decode(daemon.lastBody.get(PacketType.STATE_ASK)).id();
        daemon.send(PacketType.STATE_TOLD, new StateTold(StateTold.Kind.BEGIN, id).encode());
        for (Chunk part : items) {
            daemon.send(Chunk.items(part.count(), part.packets()));
        }
        daemon.send(PacketType.STATE_TOLD, new StateTold(StateTold.Kind.END, id).encode());
    }

    private void says(Comment comment, Register register, Downtime downtime) {
        module.onComment(0, 71, Broker.CommentKind.USER, comment);
        module.onDowntime(0, 72, downtime, 0);
        module.onSet(register);
        module.onAcknowledgement(
                0, new Acknowledgement(object(0), true, 0, 0, true, false, true, "anna", "mine", SECONDS, 0));
    }

    private Memory saidAndStartedAgain() {
        startModule(Memory.NONE);
        Memory kept = onThread(() -> {
            says(
                    new Comment(object(0), SECONDS, "anna", "soon fixed", true, 1, 0),
                    Register.of(object(0), "checks", "0"),
                    new Downtime(object(0), SECONDS, "anna", "now", SECONDS, SECONDS + 9, true, 0, EventName.NONE));
            return module.memory().get();
        });
        module.close();
        scheduler.close();
        daemon.sequences.clear();
        daemon.events.clear();
        daemon.controls.clear();
        return kept;
    }

    @Test
    void whatItSaidInAnEarlierRunAndItsDaemonDoesNotKnowIsToldAgainUnderItsName() throws Exception {
        startModule(saidAndStartedAgain());
        tellState();
        await().until(() -> daemon.events.size() == 4);
        assertThat(daemon.events.stream().map(Event::getClass))
                .containsExactly(Register.class, Repetition.class, Repetition.class, Repetition.class);
        assertThat(daemon.events.get(0)).isEqualTo(Register.of(object(0), "checks", "0"));
        assertThat(repetition(1)).isEqualTo(new EventName(LUKE, 2 * 3600, 4));
        assertThat(repetition(2)).isEqualTo(new EventName(LUKE, 2 * 3600, 1));
        assertThat(repetition(3)).isEqualTo(new EventName(LUKE, 2 * 3600, 2));
        onThread(() -> 0);
        tellState();
        onThread(() -> 0);
        assertThat(daemon.events).as("once").hasSize(4);
    }

    private EventName repetition(int number) {
        return ((Repetition) daemon.events.get(number)).name(LUKE);
    }

    @Test
    void whatWentAtTheOutboxesBoundOrWasLostByTheDaemonIsToldAgainIfItIsStillTrue() throws Exception {
        startModule(Memory.NONE);
        tellState();
        Comment comment = new Comment(object(0), SECONDS, "anna", "soon fixed", true, 1, 0);
        onThread(() -> {
            module.onComment(0, 71, Broker.CommentKind.USER, comment);
            return 0;
        });
        await().until(() -> !daemon.pulses.isEmpty() && lastFigure("outbox_events") == 0 && daemon.events.size() == 1);
        daemon.marks.clear();
        daemon.controls.clear();
        daemon.cut();
        await().until(() -> daemon.lost.size() == 1);
        tellState();
        await().until(() -> daemon.events.size() == 2);
        assertThat(daemon.events.get(1)).isEqualTo(new Repetition(2 * 3600, 1, comment));
    }

    @Test
    void whatItsDaemonKnowsIsNotToldAgain() throws Exception {
        Memory kept = saidAndStartedAgain();
        startModule(kept);
        StreamId earlier = new StreamId(LUKE, 2 * 3600);
        long micros = SECONDS * 1_000_000;
        tellState(
                chunkOf(
                        earlier,
                        0,
                        new Comment(object(0), SECONDS, "anna", "soon fixed", true, 1, 0),
                        0,
                        micros,
                        object(0)),
                chunkOf(
                        LEIAS,
                        0,
                        new Deletion(Deletion.Kind.DOWNTIME, new EventName(LUKE, 2 * 3600, 2), object(0)),
                        0,
                        micros,
                        object(0)),
                chunkOf(LEIAS, 1, Register.of(object(0), "checks", "1"), 2, micros, object(0)),
                chunkOf(LEIAS, 2, Acknowledgement.removed(object(0), SECONDS), 2, micros, object(0)));
        await().until(() -> scheduler.asked.contains("set checks 1"));
        onThread(() -> {
            report(0, "the next one");
            return 0;
        });
        await().until(() -> !daemon.events.isEmpty());
        assertThat(daemon.events).hasSize(1).first().isInstanceOf(CheckResult.class);
        assertThat(scheduler.asked).contains("delete downtime 72");
    }

    @Test
    void whatIsSoOldThatNobodyWouldRememberItsDeletionIsNotToldAgain() throws Exception {
        Memory kept = saidAndStartedAgain();
        scheduler = new FakeScheduler(FakeScheduler.twoHosts(4));
        Clock later = Clock.offset(CLOCK, Duration.ofDays(30));
        module = BrokerModule.start(
                aConf("luke", dir).peer("leia").build(), scheduler, kept, new int[10], later, NanoClock.SYSTEM);
        scheduler.runWith(module);
        tellState();
        await().until(() -> daemon.events.size() == 2);
        assertThat(daemon.events.get(0)).isInstanceOf(Register.class);
        assertThat(repetition(1)).as("the acknowledgement").isEqualTo(new EventName(LUKE, 2 * 3600, 4));
    }

    @Test
    void takesWhatItSaidInAnEarlierRunButNotItsCommands() {
        startModule(Memory.NONE);
        connected();
        StreamId earlier = new StreamId(LUKE, 4);
        ExternalCommand command = new ExternalCommand("SCHEDULE_FORCED_HOST_CHECK", "alpha;1", 1);
        daemon.send(chunkOf(earlier, 0, command, 0, 1, object(0)));
        daemon.send(resultOf(earlier, 1, 3, 1, "own"));
        daemon.send(chunkOf(LEIAS, 0, command, 0, 1, object(0)));
        await().until(() -> !scheduler.applied.isEmpty() && !scheduler.executed.isEmpty());
        assertThat(scheduler.executed).containsExactly(command);
        assertThat(onThread(() -> module.memory().get()).checksRun()).isEqualTo(1);
    }

    @Test
    void skipsWhatThisSchedulerHasNotLoaded() {
        startModule(Memory.NONE);
        connected();
        MonitoredObject foreign = MonitoredObject.ofHost("foreign");
        daemon.send(chunkOf(LEIAS, 0, aResult(foreign, 5, "x"), 1, 5, foreign));
        await().until(() -> acknowledged(LEIAS) == 1);
        assertThat(scheduler.applied).isEmpty();
        assertThat(scheduler.history).isEmpty();
    }

    @Test
    void anEchoIsNeverSent() {
        startModule(Memory.NONE);
        connected();
        scheduler.whenApplied = result -> module.onResult(3, result);
        daemon.send(resultOf(LEIAS, 0, 3, 9, "theirs"));
        await().until(() -> acknowledged(LEIAS) == 1);
        onThread(() -> {
            report(0, "ours");
            return 0;
        });
        await().until(() -> !daemon.sequences.isEmpty());
        assertThat(daemon.sequences).containsExactly(1L);
        assertThat(daemon.types).containsExactly(PacketType.HOST_CHECK);
    }

    @Test
    void passesOnSchedulingCommandsAlone() {
        startModule(Memory.NONE);
        connected();
        onThread(() -> {
            module.onCommand(new ExternalCommand("ADD_HOST_COMMENT", "alpha;1;me;hi", 1));
            module.onCommand(new ExternalCommand("SCHEDULE_HOST_DOWNTIME", "alpha;1;2", 1));
            module.onCommand(new ExternalCommand("SCHEDULE_FORCED_SVC_CHECK", "alpha;s0;1", 1));
            return 0;
        });
        await().until(() -> !daemon.types.isEmpty());
        assertThat(daemon.types).containsExactly(PacketType.EXTERNAL_COMMAND);
    }

    @Test
    void runsWhatTheDaemonsRingGivesIt() {
        startModule(Memory.NONE);
        connected();
        // hosts: alpha 0, beta 1; the configured ring is [leia, luke]
        assertThat(module.mayRun(0)).isFalse();
        assertThat(module.mayRun(5)).isTrue();
        tell(new Rings.GroupRing(0, List.of("luke"), true, List.of()));
        await().until(() -> module.mayRun(0));
        await().until(() -> scheduler.soon.contains(0)); // it was due, and had no result since
        tell(new Rings.GroupRing(0, List.of("leia", "luke"), true, List.of(List.of("luke"))));
        await().until(() -> lastFigure("hosts_mine") == 1);
        assertThat(module.mayRun(0)).as("still honours the old ring").isTrue();
        tell(new Rings.GroupRing(0, List.of("leia", "luke"), true, List.of()));
        await().until(() -> !module.mayRun(0));
    }

    private void tell(Rings.GroupRing... rings) {
        daemon.send(PacketType.RINGS, new Rings(List.of(rings)).encode());
    }

    @Test
    void answersWhoRunsACheck() throws Exception {
        startModule(Memory.NONE);
        connected();
        daemon.send(PacketType.ASSIGNMENT_QUERY, new AssignmentQuery(7, "beta").encode());
        await().until(() -> daemon.lastBody.containsKey(PacketType.ASSIGNMENT));
        Assignment answer = Assignment.decode(daemon.lastBody.get(PacketType.ASSIGNMENT));
        assertThat(answer.id()).isEqualTo(7);
        assertThat(answer.slot()).isEqualTo(1);
        assertThat(answer.ofSlots()).isEqualTo(2);
        assertThat(answer.inLine()).containsExactly("luke", "leia");
        assertThat(answer.runsHere()).isTrue();
    }

    private Assignment assignmentOfBeta() throws Exception {
        daemon.lastBody.remove(PacketType.ASSIGNMENT);
        daemon.send(PacketType.ASSIGNMENT_QUERY, new AssignmentQuery(8, "beta").encode());
        await().until(() -> daemon.lastBody.containsKey(PacketType.ASSIGNMENT));
        return Assignment.decode(daemon.lastBody.get(PacketType.ASSIGNMENT));
    }

    @Test
    void whileListsDifferItRunsByHashAndSaysSo() throws Exception {
        startModule(Memory.NONE);
        connected();
        long beta = MonitoredObject.ofHost("beta").key();
        daemon.send(PacketType.LACKING, new Lacking(0, 9, List.of("leia"), List.of(beta)).encode());
        Rings.GroupRing both =
                new Rings.GroupRing(0, List.of("leia", "luke"), true, List.of(), new Rings.LoadedLists(0, true, 9));
        tell(both);
        await().until(() -> assignmentOfBeta().why().contains("different lists: by hash among [luke]"));
        assertThat(assignmentOfBeta().inLine()).containsExactly("luke");
        assertThat(assignmentOfBeta().runsHere()).isTrue();
        tell(new Rings.GroupRing(0, List.of("leia", "luke"), false, List.of(), new Rings.LoadedLists(0, true, 0)));
        await().until(() -> assignmentOfBeta()
                .why()
                .startsWith("different lists, not all known yet: all that have it run it; slot 1 of 2"));
        await().until(() -> module.mayRun(0) && module.mayRun(1));
    }

    @Test
    void tellsTheDaemonWhatIsLoaded() throws Exception {
        startModule(Memory.NONE);
        connected();
        NodeInfo info = NodeInfo.decode(daemon.lastBody.get(PacketType.CTRL_ACTIVE));
        daemon.send(PacketType.LIST_QUERY, new ListQuery(info.listsOf(0), 0).encode());
        await().until(() -> daemon.lastBody.containsKey(PacketType.LIST_PART));
        ListPart part = ListPart.decode(daemon.lastBody.get(PacketType.LIST_PART));
        assertThat(part.total()).isEqualTo(part.keys().size()).isEqualTo(info.hosts() + info.services());
        assertThat(part.keys()).contains(MonitoredObject.ofHost("beta").key());
    }

    @Test
    void whatANodeBlocksIsRunByTheNextInLineAndByNobodyIfAllBlockIt() throws Exception {
        startModule(aConf("luke", dir).peer("leia").blocking("remote").build(), Memory.NONE);
        connected();
        await().until(() -> !daemon.pulses.isEmpty());
        assertThat(lastFigure("hosts_unassigned")).isZero();
        assertThat(lastFigure("services_mine")).isEqualTo(2);
        Assignment byLeia = assignmentOfBeta();
        assertThat(byLeia.inLine()).containsExactly("leia");
        assertThat(byLeia.runsHere()).isFalse();
        assertThat(byLeia.why()).contains("1 mod 2 = 1, luke, which blocks its hostgroup: the next in line runs it");
        Rings.GroupRing both = new Rings.GroupRing(0, List.of("leia", "luke"), true, List.of());
        Rings.Blocking leia = new Rings.Blocking("leia", List.of("remote"));
        daemon.send(PacketType.RINGS, new Rings(List.of(both), false, List.of(leia), false, false).encode());
        await().until(() -> lastFigure("hosts_unassigned") == 1);
        assertThat(lastFigure("services_unassigned")).isEqualTo(4);
        Assignment byNobody = assignmentOfBeta();
        assertThat(byNobody.inLine()).isEmpty();
        assertThat(byNobody.why()).contains("luke, which blocks its hostgroup; so do all: nobody runs it");
    }

    @Test
    void withoutADaemonItBecomesARingOfOneAfterADataTimeout() throws Exception {
        daemon.close();
        startModule(
                aConf("luke", dir)
                        .dataTimeout(Duration.ofMillis(400))
                        .peer("leia")
                        .poller("yoda", "remote", false)
                        .build(),
                Memory.NONE);
        assertThat(module.mayRun(0)).isFalse();
        await().atMost(Duration.ofSeconds(5)).until(() -> module.mayRun(0));
        assertThat(module.mayRun(5)).as("takeover = no").isFalse();
    }

    @Test
    void tellsThatTheSchedulersThreadHangs() {
        startModule(
                aConf("luke", dir)
                        .dataTimeout(Duration.ofMillis(500))
                        .peer("leia")
                        .build(),
                Memory.NONE);
        connected();
        await().until(() -> daemon.pulses.get(daemon.pulses.size() - 1).active());
        scheduler.frozen = true;
        await().until(() -> !daemon.pulses.get(daemon.pulses.size() - 1).active());
        scheduler.frozen = false;
        await().until(() -> daemon.pulses.get(daemon.pulses.size() - 1).active());
    }

    @Test
    void aDaemonThatReadsNothingHoldsUpNobody() {
        startModule(Memory.NONE);
        connected();
        daemon.reading = false;
        long begun = System.nanoTime();
        int events = 20_000;
        onThread(() -> {
            for (int i = 0; i < events; i++) {
                report(i % 10, "a text that makes a packet of the usual size, as plugins print them: OK - " + i);
            }
            return 0;
        });
        long micros = (System.nanoTime() - begun) / 1000;
        assertThat(micros).as("20,000 results").isLessThan(2_000_000);
        daemon.reading = true;
        await().atMost(Duration.ofSeconds(20)).until(() -> daemon.sequences.size() >= events);
        assertThat(daemon.sequences)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events).boxed().toList());
    }

    @Test
    void saysGoodbyeAfterItsLastEvent() {
        startModule(Memory.NONE);
        connected();
        onThread(() -> {
            report(0, "last");
            return 0;
        });
        long begun = System.nanoTime();
        module.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        await().until(() -> daemon.controls.contains(PacketType.CTRL_INACTIVE));
        assertThat(daemon.sequences).containsExactly(1L);
        assertThat(daemon.controls.get(daemon.controls.size() - 1)).isEqualTo(PacketType.CTRL_INACTIVE);
    }

    @Test
    void letsTheSchedulerGoOnAloneAfterTenFaultsInARow() {
        startModule(Memory.NONE);
        connected();
        assertThat(module.mayRun(0)).isFalse();
        for (int i = 0; i < Guard.MAX_IN_A_ROW; i++) {
            module.mayRun(-1);
        }
        assertThat(module.mayRun(0)).isTrue();
        await().until(() -> daemon.controls.contains(PacketType.CTRL_INACTIVE));
    }

    @Test
    void keepsRingsOverARestart() throws Exception {
        startModule(Memory.NONE);
        connected();
        tell(new Rings.GroupRing(0, List.of("luke"), true, List.of()));
        await().until(() -> module.mayRun(0));
        await().until(() -> dir.resolve("module.rings").toFile().exists());
        module.close();
        scheduler.close();
        daemon.close();
        startModule(Memory.NONE);
        assertThat(module.mayRun(0)).isTrue();
        daemon = new FakeDaemon(dir.resolve("ipc.sock"));
        daemon.rings = Optional.empty();
    }
}
