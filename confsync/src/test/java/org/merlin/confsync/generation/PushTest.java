package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merlin.confsync.generation.SimulatedSites.master;
import static org.merlin.confsync.generation.SimulatedSites.peer;
import static org.merlin.confsync.generation.SimulatedSites.poller;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.generation.SimulatedSites.Site;

/** What a push says of nodes that do not follow, and that it does not wait for those. Two masters and a poller each. */
final class PushTest {
    private static final String BEFORE = "emea: a\nasia: b\n";
    private static final String AFTER = "emea: a\nemea: c\nasia: b\n";

    private final SimulatedSites sites = new SimulatedSites(1);
    private final Site master1 =
            sites.add("master1", peer("master2"), poller("poller1", "emea"), poller("poller2", "asia"));
    private final Site master2 =
            sites.add("master2", peer("master1"), poller("poller1", "emea"), poller("poller2", "asia"));
    private final Site poller1 = sites.add("poller1", master("master1"), master("master2"));
    private final Site poller2 = sites.add("poller2", master("master1"), master("master2"));

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

    private void fork() {
        begin();
        sites.cut("master1", "master2");
        sites.cut("master1", "poller1");
        sites.run(1);
        master1.write("emea: one\nasia: one\n");
        master2.write("emea: two\nasia: two\n");
        sites.push("master1");
        sites.push("master2");
        sites.run(5);
        sites.mend();
        sites.run(20);
    }

    private Push push(Site site, PushWish wish, int seconds) {
        Push push = site.syncer().push(wish).orElseThrow();
        sites.run(seconds);
        assertThat(push.stage()).as("%s", push.lines()).isEqualTo(Push.Stage.ENDED);
        return push;
    }

    private static String last(Push push) {
        return push.lines().get(push.lines().size() - 1);
    }

    @Test
    void aPeerThatHasGoneAnotherWayIsNamedAndNotWaitedFor() {
        fork();
        for (boolean force : List.of(false, true)) {
            if (force) {
                master1.write("emea: one more\nasia: one\n");
            }
            Push push = push(master1, wish(force, false), 20);
            assertThat(push.good()).isFalse();
            assertThat(push.lines())
                    .anyMatch(line -> line.startsWith("master2 has gone another way, it runs "))
                    .noneMatch(line -> line.contains("and will"));
            assertThat(last(push)).isEqualTo("not all nodes run it: mon oconf resolve chooses one of the ways for all");
        }
    }

    @Test
    void aPollerThatKeepsAnotherMastersPartIsNamed() {
        fork();
        assertThat(poller1.loaded()).isEqualTo("emea: two\n");
        Push push = push(master1, wish(false, false), 20);
        assertThat(push.lines())
                .anyMatch(line -> line.startsWith("poller1 keeps the part that another master gave it"));
    }

    @Test
    void aPeerWhoseFolderHoldsChangesIsNamedAndNotWaitedFor() {
        begin();
        master2.write("emea: mine\nasia: b\n");
        master1.write(AFTER);
        Push push = push(master1, wish(false, false), 20);
        assertThat(push.good()).isFalse();
        assertThat(push.lines()).contains("master2 does not take it: its folder holds changes that were not pushed");
        assertThat(last(push))
                .isEqualTo("not all nodes run it: at master2 'mon oconf fetch --force' puts its changes aside");
    }

    @Test
    void aPeerThatRefusesWhatIsForcedIsNotWaitedFor() {
        begin();
        poller2.kill();
        master1.write("emea: c\nasia: b\nrefused by master2\n");
        Push push = push(master1, wish(true, false), 20);
        assertThat(push.lines()).contains("master2 refuses it:").anyMatch(line -> line.contains("refused by master2"));
        assertThat(last(push)).isEqualTo("not all nodes run it: mend what master2 refuses, and push again");
        assertThat(push.lines()).contains("poller2 is not connected, and follows when it is");
    }

    @Test
    void whoHasNotFollowedAtTheEndOfTheTimeIsNamedWithWhatIsKnown() {
        begin();
        poller2.deaf(true);
        master1.write("emea: a\nasia: c\n");
        Push push = sites.push("master1");
        assertThat(push.good()).isFalse();
        assertThat(push.lines())
                .anyMatch(line -> line.startsWith("poller2 has not followed within 150 s: it runs "))
                .noneMatch(line -> line.startsWith("poller1 has not"));
        assertThat(last(push)).startsWith("not all nodes run it").contains("poller2");
    }

    @Test
    void aNodeThatTakesNoPartIsNamed() {
        try (SimulatedSites two = new SimulatedSites(1)) {
            Site top = two.add("top", poller("below", "emea"));
            two.add("below");
            top.write(BEFORE);
            two.sites().forEach(Site::start);
            two.run(5);
            top.write(AFTER);
            Push push = two.push("top");
            assertThat(push.good()).as("%s", push.lines()).isTrue();
            assertThat(push.lines()).anyMatch(line -> line.startsWith("below takes no part in the sync"));
        }
    }

    private static String state(Site at, String node) {
        return at.syncer().view().nodes().stream()
                .filter(other -> other.name().equals(node))
                .map(other -> other.stateWord() + ": " + other.state())
                .findFirst()
                .orElseThrow();
    }

    private Plan plan(Site site, String... only) throws Exception {
        List<Plan> plans = new ArrayList<>();
        assertThat(site.syncer().plan(Set.of(only), plans::add)).isTrue();
        sites.run(1);
        return plans.get(0);
    }

    @Test
    void whoHasChangesAndAPeerThatIsAheadIsToldTheRealWay() throws Exception {
        begin();
        master2.write("emea: mine\nasia: b\n");
        master1.write(AFTER);
        sites.push("master1");
        sites.run(15);
        assertThat(state(master2, "master1"))
                .isEqualTo("ahead: ahead, not taken: the folder here holds changes that were not pushed");
        assertThat(master2.said()).anyMatch(line -> line.startsWith("EDITED") && line.contains("merge them"));
        Plan plan = plan(master2);
        assertThat(plan.obstacles()).hasSize(1);
        assertThat(plan.obstacles().get(0))
                .startsWith("master1 is ahead: it runs ")
                .contains("'mon oconf fetch --force' put them into the history");
        assertThat(plan.nodes()).containsEntry("master1", "is ahead, and would refuse it");
        Push push = push(master2, wish(false, false), 5);
        assertThat(push.lines()).isEqualTo(plan.obstacles());

        assertThat(master2.syncer().keepsOut().orElseThrow()).contains("holds changes that were not pushed");
        assertThat(master2.syncer().putAside()).isTrue();
        sites.run(10);
        assertThat(master2.syncer().keepsOut()).isEmpty();
        master2.write(AFTER + "emea: mine\n");
        assertThat(push(master2, wish(false, false), 10).good()).isTrue();
        assertThat(master1.loaded()).isEqualTo(AFTER + "emea: mine\n");
    }

    @Test
    void aPlanInADisputeTellsWhoWouldNotTakeIt() throws Exception {
        fork();
        Plan plan = plan(master1);
        assertThat(plan.obstacles()).hasSize(1).first().asString().startsWith("master2 has gone another way, it runs ");
        assertThat(plan.nodes())
                .containsEntry("master2", "has gone another way, and would refuse it")
                .containsEntry("poller1", "keeps the part that another master gave it");
        assertThat(state(master1, "master2")).startsWith("apart: ");
    }

    @Test
    void aPlanTellsOfPeersWithChangesOfTheirOwn() throws Exception {
        begin();
        master2.write("emea: mine\n");
        master1.write(AFTER);
        sites.run(15);
        assertThat(plan(master1).obstacles()).first().asString().startsWith("master2 would not take it");
        Plan named = plan(master1, "poller1");
        assertThat(named.obstacles()).isEmpty();
        assertThat(named.nodes())
                .containsEntry("master2", "is not named, and waits")
                .containsEntry("poller1", "would get another part than it runs");
    }

    @Test
    void whatAPollerHasFromAnotherMasterIsFetchedFromItToCompare() {
        fork();
        List<String> lines = new ArrayList<>();
        master1.syncer().difference("poller1", lines::addAll, lines::add);
        sites.run(5);
        assertThat(lines).containsExactly("--- from-master.cfg", "-emea: two", "+emea: one");
        poller1.kill();
        master2.write("emea: three\nasia: two\n");
        sites.push("master2");
        master2.kill();
        sites.run(1);
        lines.clear();
        master1.syncer().difference("master2", lines::addAll, lines::add);
        sites.run(15);
        assertThat(lines).hasSize(1).first().asString().startsWith("what master2 runs cannot be had: no node that is");
    }

    @Test
    void whatIsKeptCanBeReadInPieces() throws Exception {
        begin();
        String first = sites.heads().get("master1");
        master1.write(AFTER);
        sites.push("master1");
        Archive archive = master1.syncer().archive();
        FileTree.File file = archive.files(first).files().get("hosts.cfg");
        assertThat(new String(archive.piece(file, 6, 4).bytes(), StandardCharsets.UTF_8))
                .isEqualTo(BEFORE.substring(6, 10));
        assertThat(archive.piece(file, 0, 1000).total()).isEqualTo(BEFORE.length());
        assertThat(archive.difference(first, sites.heads().get("master1")))
                .first()
                .isEqualTo("--- hosts.cfg");
        assertThatThrownBy(() -> archive.files("ab".repeat(32)))
                .hasMessageContaining("generation abababababab are not here, or not any more");
    }

    private static List<String> refusals(Site site) {
        return site.said().stream().filter(line -> line.startsWith("REFUSED")).toList();
    }

    @Test
    void whatIsRefusedIsLoggedAtThePusherAndShownThereUntilSomethingElseIsRun() {
        begin();
        for (String what : List.of("broken", "refused by master2", "dies on master1")) {
            master1.said().clear();
            master1.write("emea: a\nasia: b\n" + what + "\n");
            Push push = sites.push("master1");
            assertThat(push.good()).isFalse();
            assertThat(refusals(master1)).as(what).hasSize(1);
            String node = what.endsWith("2") ? "master2" : "master1";
            assertThat(refusals(master1).get(0)).contains("pushed from here is refused by " + node + ": ");
            assertThat(master1.syncer().view().refused().getValue()).startsWith(node + ": ");
            assertThat(master1.syncer().view().nodes())
                    .noneMatch(other -> other.stateWord().equals("refused"));
        }
        master1.write("emea: a\nasia: b\ndies on master2\n");
        sites.push("master1");
        sites.run(10);
        assertThat(master1.loaded()).isEqualTo(BEFORE);
        assertThat(master1.syncer().view().refused().getValue()).startsWith("master2: ");
        master1.write(AFTER);
        assertThat(sites.push("master1").good()).isTrue();
        assertThat(master1.syncer().view().refused().getValue()).isEmpty();
    }

    @Test
    void whatAPollerRefusesOfAPushIsLoggedAtThePusher() {
        begin();
        master1.write("emea: a\nasia: dies on poller2\n");
        sites.push("master1");
        assertThat(refusals(master1)).hasSize(1).first().asString().contains("is refused by poller2: ");
    }

    @Test
    void whatTheSchedulerReadWhereAPeerIsAheadStaysAndIsSaidOnce() {
        begin();
        master2.write("emea: mine\nasia: b\n");
        master1.write(AFTER);
        sites.push("master1");
        master2.scheduler(true);
        sites.run(300);
        assertThat(refusals(master2)).isEmpty();
        assertThat(master2.said()).filteredOn(line -> line.startsWith("EDITED")).hasSize(1);
        assertThat(master1.loaded()).isEqualTo(AFTER);
    }
}
