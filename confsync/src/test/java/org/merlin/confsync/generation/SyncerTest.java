package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.merlin.confsync.generation.SimulatedSites.master;
import static org.merlin.confsync.generation.SimulatedSites.peer;
import static org.merlin.confsync.generation.SimulatedSites.poller;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.generation.SimulatedSites.Site;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.control.ConfigTry;
import org.merlin.protocol.wire.PacketType;

/** Two masters, two pollers of one group and one alone. */
final class SyncerTest {
    private static final String BEFORE = "emea: a\nasia: b\n";
    private static final String AFTER = "emea: a\nemea: c\nasia: b\n";

    private final SimulatedSites sites = new SimulatedSites(1);
    private final Site master1 = sites.add(
            "master1",
            peer("master2"),
            poller("poller1", "emea"),
            poller("poller2", "emea"),
            poller("poller3", "asia"));
    private final Site master2 = sites.add(
            "master2",
            peer("master1"),
            poller("poller1", "emea"),
            poller("poller2", "emea"),
            poller("poller3", "asia"));
    private final Site poller1 = sites.add("poller1", master("master1"), master("master2"), peer("poller2"));
    private final Site poller2 = sites.add("poller2", master("master1"), master("master2"), peer("poller1"));
    private final Site poller3 = sites.add("poller3", master("master1"), master("master2"));

    @AfterEach
    void close() {
        sites.close();
    }

    private void begin() {
        master1.write(BEFORE);
        master2.write(BEFORE);
        sites.sites().forEach(Site::start);
        sites.run(5);
    }

    private static PushWish wish(boolean force, boolean join) {
        return new PushWish(Optional.empty(), force, join, List.of(), 0, false, "pushed");
    }

    @Test
    void equalMastersBeginWithTheSameGenerationAndPollersGetTheirParts() {
        begin();
        assertThat(sites.heads().get("master1"))
                .isNotEmpty()
                .isEqualTo(sites.heads().get("master2"));
        assertThat(poller1.loaded()).isEqualTo("emea: a\n");
        assertThat(poller2.loaded()).isEqualTo("emea: a\n");
        assertThat(poller3.loaded()).isEqualTo("asia: b\n");
        assertThat(sites.heads().get("poller1")).isEqualTo(sites.heads().get("poller2"));
    }

    @Test
    void aChangeReachesBothMastersAndExactlyThePollersConcerned() {
        begin();
        int reloads = poller3.reloads();
        master1.write(AFTER);
        Push push = sites.push("master1");
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        assertThat(master1.loaded()).isEqualTo(AFTER);
        assertThat(master2.loaded()).isEqualTo(AFTER);
        assertThat(poller1.loaded()).isEqualTo("emea: a\nemea: c\n");
        assertThat(poller2.loaded()).isEqualTo("emea: a\nemea: c\n");
        assertThat(poller3.reloads()).isEqualTo(reloads);
        assertThat(push.fates().values()).containsOnly("runs it");
        assertThat(master1.syncer().view().nodes()).allMatch(SyncView.Other::inSync);
    }

    @Test
    void whatTheSchedulerReadByItselfGoesToTheOthers() {
        begin();
        master1.write(AFTER);
        master1.scheduler(true);
        sites.run(5);
        assertThat(master2.loaded()).isEqualTo(AFTER);
        assertThat(poller1.loaded()).isEqualTo("emea: a\nemea: c\n");
    }

    @Test
    void aBrokenChangeStaysWhereItIs() {
        begin();
        master1.write("broken\n");
        Push push = sites.push("master1");
        assertThat(push.good()).isFalse();
        assertThat(push.lines()).anyMatch(line -> line.contains("hosts.cfg:1: broken, says master1"));
        assertThat(master1.loaded()).isEqualTo(BEFORE);
        assertThat(master2.loaded()).isEqualTo(BEFORE);
        Push again = sites.push("master1");
        assertThat(again.lines()).last().asString().contains("refused before");
    }

    @Test
    void whatOnePeersSchedulerDoesNotSurviveNobodyKeeps() {
        begin();
        String bad = AFTER + "dies on master2\n";
        master1.write(bad);
        Push push = sites.push("master1");
        sites.run(10);
        assertThat(push.good()).isFalse();
        assertThat(push.lines()).anyMatch(line -> line.contains("the scheduler of master2 did not come back"));
        for (Site site : List.of(master1, master2)) {
            assertThat(site.loaded()).isEqualTo(BEFORE);
            assertThat(site.text()).isEqualTo(BEFORE);
        }
        assertThat(poller1.loaded()).isEqualTo("emea: a\n");
        assertThat(sites.heads().get("master1")).isEqualTo(sites.heads().get("master2"));
        int reloads = master2.reloads();
        sites.run(60);
        assertThat(master2.reloads()).isEqualTo(reloads);
    }

    @Test
    void whatOurOwnSchedulerDoesNotSurviveIsTakenBackAndKept() throws Exception {
        begin();
        master1.write("emea: x\ndies on master1\n");
        Push push = sites.push("master1");
        assertThat(push.good()).isFalse();
        assertThat(master1.text()).isEqualTo(BEFORE);
        assertThat(master1.loaded()).isEqualTo(BEFORE);
        assertThat(master1.syncer().history()).anyMatch(entry -> entry.state().equals("kept"));
        assertThat(master2.loaded()).isEqualTo(BEFORE);
    }

    @Test
    void aPollerThatCannotRunItsPartKeepsTheOneBefore() throws Exception {
        begin();
        master1.write("emea: a\nasia: dies on poller3\n");
        Push push = sites.push("master1");
        assertThat(push.good()).isFalse();
        assertThat(push.fates()).containsEntry("poller3", "refuses it:").containsEntry("poller1", "runs it");
        assertThat(push.lines()).anyMatch(line -> line.contains("the scheduler of poller3 did not come back"));
        assertThat(poller3.text()).isEqualTo("asia: b\n");
        assertThat(difference(master1, "poller3"))
                .containsExactly("--- from-master.cfg", "-asia: b", "+asia: dies on poller3");
        assertThat(difference(master1, "poller1")).isEmpty();
        assertThat(master2.loaded()).startsWith("emea: a\nasia: dies");
    }

    private List<String> difference(Site at, String node) {
        List<String> lines = new ArrayList<>();
        at.syncer().difference(node, lines::addAll, lines::add);
        sites.run(15);
        return lines;
    }

    @Test
    void whoWasAwayFetchesItFromAnyNodeThoughThePusherIsDead() {
        master1.write(BEFORE);
        master2.write(BEFORE);
        sites.sites().stream().filter(site -> site != poller2).forEach(Site::start);
        sites.run(5);
        sites.cut("poller1", "master2");
        master1.write(AFTER);
        sites.push("master1");
        master1.kill();
        poller2.start();
        sites.run(10);
        assertThat(master2.loaded()).isEqualTo(AFTER);
        assertThat(poller2.loaded()).isEqualTo("emea: a\nemea: c\n");
    }

    @Test
    void mastersThatChangedTheSameOneBothStayAndAreNamedUntilOneIsChosen() {
        begin();
        sites.cut("master1", "master2");
        sites.run(1);
        master1.write("emea: one\n");
        master2.write("emea: two\n");
        sites.push("master1");
        sites.push("master2");
        sites.mend();
        sites.run(30);
        assertThat(master1.loaded()).isEqualTo("emea: one\n");
        assertThat(master2.loaded()).isEqualTo("emea: two\n");
        assertThat(state(master1, "master2")).isEqualTo("has gone another way");
        assertThat(state(master2, "master1")).isEqualTo("has gone another way");
        assertThat(difference(master1, "master2")).containsExactly("--- hosts.cfg", "-emea: two", "+emea: one");
        String chosen = sites.heads().get("master2");
        Push push =
                sites.push("master1", new PushWish(Optional.of(chosen), false, true, List.of(), 0, false, "resolved"));
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        for (Site site : List.of(master1, master2)) {
            assertThat(site.text()).isEqualTo("emea: two\n");
        }
        assertThat(poller1.loaded()).isEqualTo("emea: two\n");
        assertThat(sites.heads().get("master1")).isEqualTo(sites.heads().get("master2"));
    }

    private static String state(Site at, String node) {
        return at.syncer().view().nodes().stream()
                .filter(other -> other.name().equals(node))
                .map(SyncView.Other::state)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void changesThatWereNotPushedAreNotWrittenOver() {
        begin();
        master2.write("emea: mine\n");
        master1.write(AFTER);
        Push push = sites.push("master1");
        sites.run(30);
        assertThat(push.good()).isFalse();
        assertThat(master2.text()).isEqualTo("emea: mine\n");
        assertThat(master2.syncer().putAside()).isTrue();
        sites.run(30);
        assertThat(master2.text()).isEqualTo(master1.text());
    }

    @Test
    void aRollbackIsTakenByAPollerThatWasAwayWithTheNewerOne() {
        begin();
        String old = sites.heads().get("master1");
        master1.write(AFTER);
        sites.push("master1");
        poller1.kill();
        Push push =
                sites.push("master2", new PushWish(Optional.of(old), false, false, List.of(), 0, false, "rolled back"));
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        assertThat(master1.loaded()).isEqualTo(BEFORE);
        poller1.start();
        sites.run(10);
        assertThat(poller1.loaded()).isEqualTo("emea: a\n");
        assertThat(sites.heads().get("poller1")).isEqualTo(sites.heads().get("poller2"));
    }

    @Test
    void canariesGoFirstAndTheOthersFollowWhenTheyStood() {
        begin();
        master1.write("emea: a\nemea: c\nasia: d\n");
        PushWish canary =
                new PushWish(Optional.empty(), false, false, List.of("poller3"), 60_000_000_000L, false, "pushed");
        Push push = master1.syncer().push(canary).orElseThrow();
        sites.run(30);
        assertThat(poller3.loaded()).isEqualTo("asia: d\n");
        assertThat(poller1.loaded()).isEqualTo("emea: a\n");
        assertThat(master2.loaded()).isEqualTo(BEFORE);
        sites.run(60);
        assertThat(push.stage()).isEqualTo(Push.Stage.ENDED);
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        assertThat(poller1.loaded()).isEqualTo("emea: a\nemea: c\n");
        assertThat(master2.loaded()).isEqualTo(master1.loaded());
    }

    @Test
    void aCanaryThatFailsTakesItBack() {
        begin();
        master1.write("emea: a\nasia: dies on poller3\n");
        PushWish canary =
                new PushWish(Optional.empty(), false, false, List.of("poller3"), 60_000_000_000L, false, "pushed");
        Push push = sites.push("master1", canary);
        sites.run(10);
        assertThat(push.good()).isFalse();
        assertThat(master1.text()).isEqualTo(BEFORE);
        assertThat(master2.loaded()).isEqualTo(BEFORE);
        assertThat(poller3.text()).isEqualTo("asia: b\n");
        assertThat(sites.heads().get("master1")).isEqualTo(sites.heads().get("master2"));
    }

    @Test
    void clocksAnHourApartDecideNothing() {
        master2.skew(-3600);
        begin();
        master1.write(AFTER);
        sites.push("master1");
        master2.write(AFTER + "emea: d\n");
        Push push = sites.push("master2");
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        assertThat(master1.loaded()).isEqualTo(AFTER + "emea: d\n");
    }

    @Test
    void aNodeWhoseSchedulerDoesNotRunTakesItForLater() {
        begin();
        master2.scheduler(false);
        master1.write(AFTER);
        Push push = sites.push("master1");
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        assertThat(master2.text()).isEqualTo(AFTER);
        assertThat(master2.reloads()).isZero();
    }

    private List<String> kept(Site site) throws Exception {
        return site.syncer().history().stream()
                .filter(entry -> entry.state().equals("kept"))
                .map(SyncView.Entry::note)
                .toList();
    }

    @Test
    void aRollbackKeepsWhatWasEditedAndNotPushed() throws Exception {
        begin();
        String old = sites.heads().get("master1");
        master1.write(AFTER);
        sites.push("master1");
        master1.write("emea: edited\n");
        Push push =
                sites.push("master1", new PushWish(Optional.of(old), false, false, List.of(), 0, false, "rolled back"));
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        assertThat(master1.text()).isEqualTo(BEFORE);
        assertThat(kept(master1)).anyMatch(note -> note.contains("was put aside"));
    }

    @Test
    void whatAPollerHadBeforeItsFirstPartIsKept() throws Exception {
        poller3.write("from-master.cfg", "asia: by hand\n");
        begin();
        assertThat(poller3.loaded()).isEqualTo("asia: b\n");
        assertThat(kept(poller3)).anyMatch(note -> note.contains("was put aside"));
    }

    @Test
    void aPollerWhoseHostgroupsChangeGetsItsOtherPartWithoutAChangeOfFiles() {
        begin();
        for (Site master : List.of(master1, master2)) {
            master.syncer()
                    .setNodes(List.of(
                            peer(master == master1 ? "master2" : "master1"),
                            poller("poller1", "emea"),
                            poller("poller2", "emea"),
                            poller("poller3", "asia", "emea")));
        }
        sites.run(10);
        assertThat(poller3.loaded()).isEqualTo("emea: a\nasia: b\n");
        int reloads = poller3.reloads();
        sites.run(60);
        assertThat(poller3.reloads()).isEqualTo(reloads);
    }

    @Test
    void equalFilesThatTwoMastersReadAtTheSameTimeAreNoDispute() {
        begin();
        for (Site master : List.of(master1, master2)) {
            master.write(AFTER);
            master.scheduler(true);
        }
        sites.run(200);
        assertThat(sites.heads().get("master1")).isEqualTo(sites.heads().get("master2"));
        assertThat(poller1.loaded()).isEqualTo("emea: a\nemea: c\n");
    }

    @Test
    void aPollersPollerGetsItsPartThroughIt() {
        try (SimulatedSites tiers = new SimulatedSites(1)) {
            Site top = tiers.add("top", poller("middle", "emea", "sub"));
            Site middle = tiers.add("middle", master("top"), poller("below", "sub"));
            Site below = tiers.add("below", master("middle"));
            top.write("emea: a\nsub: b\nasia: c\n");
            tiers.sites().forEach(Site::start);
            tiers.run(10);
            assertThat(middle.loaded()).isEqualTo("emea: a\nsub: b\n");
            assertThat(below.loaded()).isEqualTo("sub: b\n");
            top.write("emea: a\nsub: d\nasia: c\n");
            assertThat(tiers.push("top").good()).isTrue();
            tiers.run(10);
            assertThat(below.loaded()).isEqualTo("sub: d\n");
        }
    }

    @Test
    void whatAPollerOffersOrAsksIsNotFollowed() throws Exception {
        begin();
        String head = sites.heads().get("master1");
        String foreign = "ab".repeat(32);
        ConfigHead offer = new ConfigHead(foreign, foreign, "", "", "", false);
        master1.syncer().onMessage("poller1", PacketType.CONFIG_HEAD, offer.encode(), 0);
        master1.syncer().onMessage("poller1", PacketType.CONFIG_TRY, new ConfigTry(foreign, true).encode(), 0);
        master1.syncer().onMessage("stranger", PacketType.CONFIG_HEAD, offer.encode(), 0);
        sites.run(30);
        assertThat(sites.heads().get("master1")).isEqualTo(head);
        assertThat(master1.said()).anyMatch(line -> line.contains("poller1 asks whether we would run abababababab"));
    }

    @Test
    void aPlanTellsWhatAPushWouldChangeWhere() throws Exception {
        begin();
        master1.write(AFTER);
        master1.write("new.cfg", "other: 1\n");
        List<Plan> plans = new ArrayList<>();
        assertThat(master1.syncer().plan(Set.of(), plans::add)).isTrue();
        sites.run(1);
        assertThat(plans).hasSize(1);
        assertThat(plans.get(0).files()).containsOnly(entry("hosts.cfg", "changed"), entry("new.cfg", "added"));
        assertThat(plans.get(0).nodes())
                .containsEntry("master2", "would run it")
                .containsEntry("poller1", "would get another part than it runs")
                .containsEntry("poller3", "would get the same part as it runs");
        assertThat(master2.text()).isEqualTo(BEFORE);
    }

    @Test
    void aSchedulerThatWasStartingWhenAPartCameReadsIt() {
        master1.write(BEFORE);
        master2.write(BEFORE);
        poller1.scheduler(false);
        sites.sites().forEach(Site::start);
        sites.run(5);
        assertThat(poller1.text()).isEqualTo("emea: a\n");
        poller1.connect("");
        sites.run(5);
        assertThat(poller1.loaded()).isEqualTo("emea: a\n");
        assertThat(poller1.reloads()).isEqualTo(1);
    }

    @Test
    void aNodeThatHadCommandsOfItsOwnTakesPartAgainOverTheLinkThatIsOpen() {
        begin();
        master1.syncer().setNodes(List.of(poller("poller3", "asia")));
        sites.run(5);
        master1.syncer()
                .setNodes(List.of(
                        peer("master2"),
                        poller("poller1", "emea"),
                        poller("poller2", "emea"),
                        poller("poller3", "asia")));
        master1.write(AFTER);
        Push push = sites.push("master1");
        assertThat(push.good()).as("%s", push.lines()).isTrue();
        assertThat(master2.loaded()).isEqualTo(AFTER);
        assertThat(poller1.loaded()).isEqualTo("emea: a\nemea: c\n");
        assertThat(master1.syncer().view().nodes()).allMatch(SyncView.Other::inSync);
    }

    @Test
    void aPollerIsNotEmptiedByAHostgroupThatHoldsNoHost() {
        begin();
        for (Site master : List.of(master1, master2)) {
            master.syncer()
                    .setNodes(List.of(peer(master == master1 ? "master2" : "master1"), poller("poller3", "azia")));
        }
        sites.run(30);
        assertThat(poller3.loaded()).isEqualTo("asia: b\n");
        assertThat(state(master1, "poller3")).contains("hold no host");
    }

    @Test
    void aPollerNeverPushes() {
        begin();
        poller1.write("from-master.cfg", "emea: mine\n");
        Push push = sites.push("poller1");
        assertThat(push.lines()).last().asString().startsWith("this node has masters");
        assertThat(Set.copyOf(sites.heads().values())).hasSize(3);
    }
}
