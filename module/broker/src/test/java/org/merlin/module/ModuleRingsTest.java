package org.merlin.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.module.Confs.aConf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.merlin.module.hook.ListAnswers;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.hook.ToldDifferences;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.Rings.GroupRing;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.SlotTable;

final class ModuleRingsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int REMOTE = Selection.of(List.of("remote")).id();

    private final MerlinConf conf = aConf("luke", Path.of("/nowhere"))
            .dataTimeout(Duration.ofSeconds(5))
            .peer("leia")
            .poller("yoda", "remote", true)
            .build();

    private static final SlotTable LISTS = SlotTable.of(
            List.of(MonitoredObject.ofHost("alpha"), MonitoredObject.ofHost("beta")),
            List.of(List.of(), List.of()),
            List.of());

    private static Rings rings(GroupRing... groups) {
        return new Rings(List.of(groups));
    }

    private static GroupRing ring(int selection, String... names) {
        return new GroupRing(selection, List.of(names), true, List.of());
    }

    private ModuleRings start(Rings stored) {
        return rings(conf, List.of(), Optional.of(stored));
    }

    private static ModuleRings rings(MerlinConf conf, List<List<String>> hostgroups, Optional<Rings> stored) {
        return new ModuleRings(
                conf, hostgroups, new ToldDifferences(new ObjectIndex(LISTS)), LISTS.hashes(), stored, 0);
    }

    private static List<String> own(ModuleRings rings) {
        return rings.rule().own().current().names();
    }

    private static List<String> pollers(ModuleRings rings) {
        return rings.rule().pollers().get(REMOTE).current().names();
    }

    @Test
    void atTheVeryFirstStartAllConfiguredNodesCount() {
        ModuleRings rings = rings(conf, List.of(), Optional.empty());
        assertThat(own(rings)).containsExactly("leia", "luke");
        assertThat(pollers(rings)).containsExactly("yoda");
        assertThat(rings.rule().own().agreed()).isTrue();
    }

    @Test
    void startsWithTheStoredRingLessThoseThatAreConfiguredNoMore() {
        ModuleRings rings = start(rings(ring(0, "han", "luke"), ring(REMOTE)));
        assertThat(own(rings)).containsExactly("luke");
        assertThat(pollers(rings)).isEmpty();
    }

    @Test
    void isARingOfOneAfterADataTimeoutWithoutDaemon() {
        ModuleRings rings = start(rings(ring(0, "leia", "luke"), ring(REMOTE, "yoda")));
        assertThat(rings.onTick(5 * SECOND - 1)).isFalse();
        assertThat(own(rings)).containsExactly("leia", "luke");
        assertThat(rings.onTick(5 * SECOND)).isTrue();
        assertThat(own(rings)).containsExactly("luke");
        assertThat(pollers(rings)).isEmpty();
        assertThat(rings.onTick(6 * SECOND)).isFalse();
    }

    @Test
    void goesByTheDaemonAgainWhenItIsBack() {
        ModuleRings rings = start(rings(ring(0, "leia", "luke")));
        rings.onTick(5 * SECOND);
        rings.onRings(rings(ring(0, "leia", "luke"), ring(REMOTE, "yoda")));
        assertThat(own(rings)).containsExactly("leia", "luke");
        assertThat(rings.onTick(100 * SECOND)).isFalse();
        rings.onDaemonGone(100 * SECOND);
        assertThat(rings.onTick(104 * SECOND)).isFalse();
        rings.onDaemonGone(104 * SECOND);
        assertThat(rings.onTick(105 * SECOND)).as("counted from the first time").isTrue();
    }

    @Test
    void aRingWithoutAnybodyIsOurs() {
        ModuleRings rings = start(rings(ring(0, "leia", "luke")));
        rings.onRings(rings(ring(0)));
        assertThat(own(rings)).containsExactly("luke");
        assertThat(rings.worthKeeping()).isTrue();
    }

    @Test
    void aRingThatWeHadLeftIsNotKept() {
        ModuleRings rings = start(rings(ring(0, "leia", "luke")));
        rings.onRings(rings(ring(0, "leia")));
        assertThat(rings.worthKeeping()).isFalse();
    }

    /** A silent poller's scheduler that starts leaves mails to its masters until it knows better. */
    @Test
    void mastersCountAsActiveUntilADataTimeoutHasPassedWithoutDaemon() {
        MerlinConf poller = aConf("yoda", Path.of("/nowhere"))
                .dataTimeout(Duration.ofSeconds(5))
                .master("leia")
                .build();
        ModuleRings rings = rings(poller, List.of(), Optional.empty());
        assertThat(rings.mastersActive()).isTrue();
        rings.onTick(5 * SECOND);
        assertThat(rings.mastersActive()).isFalse();
        rings.onRings(new Rings(List.of(ring(0, "yoda")), true, List.of(), false, false));
        assertThat(rings.mastersActive()).isTrue();
        rings.onDaemonGone(10 * SECOND);
        assertThat(rings.mastersActive()).isTrue();
        rings.onRings(new Rings(List.of(ring(0, "yoda")), false, List.of(), false, false));
        assertThat(rings.mastersActive()).isFalse();
    }

    /** As of a poller that is drained and has no peer. */
    @Test
    void whereNobodyOfItsGroupIsActiveANodeRunsWhatItsMastersDoNot() {
        MerlinConf poller = aConf("yoda", Path.of("/nowhere")).master("leia").build();
        ModuleRings rings = rings(poller, List.of(), Optional.empty());
        rings.onRings(new Rings(List.of(ring(0)), true, List.of(), false, false));
        assertThat(own(rings)).isEmpty();
        assertThat(rings.rule().runs(LISTS, 0)).isFalse();
        rings.onRings(new Rings(List.of(ring(0)), false, List.of(), false, false));
        assertThat(own(rings)).containsExactly("yoda");
    }

    @Test
    void whatThisNodeBlocksItNeverRunsByWhateverRing() {
        List<List<String>> hostgroups = List.of(List.of("local"), List.of("dmz"));
        SlotTable slots = SlotTable.of(
                List.of(MonitoredObject.ofHost("alpha"), MonitoredObject.ofHost("beta")), hostgroups, List.of());
        MerlinConf blocking = aConf("luke", Path.of("/nowhere"))
                .dataTimeout(Duration.ofSeconds(5))
                .blocking("dmz")
                .build();
        ModuleRings first = rings(blocking, hostgroups, Optional.empty());
        ModuleRings rings = rings(blocking, hostgroups, Optional.of(rings(ring(0, "luke"))));
        assertThat(runs(first, slots)).as("at the very first start").containsExactly(true, false);
        assertThat(runs(rings, slots)).as("by the stored ring").containsExactly(true, false);
        rings.onRings(rings(ring(0, "luke")));
        assertThat(runs(rings, slots)).as("by the daemon's ring").containsExactly(true, false);
        rings.onDaemonGone(0);
        assertThat(rings.onTick(5 * SECOND)).isTrue();
        assertThat(runs(rings, slots)).as("alone").containsExactly(true, false);
    }

    private static List<Boolean> runs(ModuleRings rings, SlotTable slots) {
        return List.of(rings.rule().runs(slots, 0), rings.rule().runs(slots, 1));
    }

    // --- while lists differ
    // ---------------------------------------------------------------------------------------------------------

    private static GroupRing differing(long plan) {
        return new GroupRing(
                0,
                List.of("leia", "luke"),
                true,
                List.of(),
                new Rings.LoadedLists(LISTS.hashes().get(0), true, plan));
    }

    private static Lacking leiaLacks(long plan, MonitoredObject... objects) {
        return new Lacking(
                0,
                plan,
                List.of("leia"),
                Stream.of(objects).map(MonitoredObject::key).toList());
    }

    @Test
    void whatOthersLackIsOursOnceTheRingsNameThePlanThatTheDaemonToldOf() {
        ModuleRings rings = start(rings(ring(0, "leia", "luke")));
        rings.onLacking(leiaLacks(5, LISTS.object(0)));
        rings.onRings(rings(differing(5)));
        assertThat(rings.rule().own().agreed()).isTrue();
        assertThat(rings.rule().own().sure()).isFalse();
        assertThat(rings.rule().inLine(LISTS, 0, 0)).isEqualTo("luke");
        assertThat(rings.rule().inLine(LISTS, 0, 1)).isEmpty();
        List<String> both = List.of("leia", "luke");
        assertThat(rings.rule().inLine(LISTS, 1, 0)).isEqualTo(both.get((int) Long.remainderUnsigned(LISTS.key(1), 2)));
    }

    @Test
    void aPlanThatTheDaemonDidNotTellOfIsNoneAndEverythingIsRun() {
        ModuleRings rings = start(rings(ring(0, "leia", "luke")));
        rings.onLacking(leiaLacks(5, LISTS.object(0)));
        rings.onRings(rings(differing(6)));
        assertThat(rings.rule().own().agreed()).isFalse();
        assertThat(runs(rings, LISTS)).containsExactly(true, true);
        rings.onRings(rings(differing(0)));
        assertThat(runs(rings, LISTS)).containsExactly(true, true);
    }

    @Test
    void anotherPlanTellsAllAnew() {
        ModuleRings rings = start(rings(ring(0, "leia", "luke")));
        rings.onLacking(leiaLacks(5, LISTS.object(0)));
        rings.onLacking(leiaLacks(6, LISTS.object(1)));
        rings.onRings(rings(differing(6)));
        assertThat(rings.rule().inLine(LISTS, 1, 0)).isEqualTo("luke");
        assertThat(rings.rule().own().lists().having(PeerRing.of("leia", "luke"), 0))
                .containsExactly("leia", "luke");
    }

    @Test
    void aStoredRingOfOtherListsTellsNothingAboutOurShare() {
        Rings stored = rings(
                new GroupRing(0, List.of("leia", "luke"), true, List.of(), new Rings.LoadedLists(4711, false, 0)));
        assertThat(runs(start(stored), LISTS)).as("loaded anew since").containsExactly(true, true);
        assertThat(runs(start(rings(differing(5))), LISTS))
                .as("they differed then")
                .containsExactly(true, true);
        Rings same = rings(new GroupRing(
                0,
                List.of("leia", "luke"),
                true,
                List.of(),
                new Rings.LoadedLists(LISTS.hashes().get(0), false, 0)));
        assertThat(runs(start(same), LISTS)).containsExactly(false, true);
    }

    @Test
    void tellsTheLoadedObjectsPartByPart() {
        List<MonitoredObject> many = IntStream.range(0, 20_000)
                .mapToObj(i -> MonitoredObject.ofHost("host" + i))
                .toList();
        SlotTable slots =
                SlotTable.of(many, many.stream().map(any -> List.<String>of()).toList(), List.of());
        ListAnswers answers = new ListAnswers(slots);
        long hash = slots.hashes().get(0);
        List<Long> told = new ArrayList<>();
        while (told.size() < 20_000) {
            ListPart part = answers.answer(new ListQuery(hash, told.size()));
            assertThat(part.total()).isEqualTo(20_000);
            told.addAll(part.keys());
        }
        assertThat(told)
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(
                        many.stream().map(MonitoredObject::key).toList());
        assertThat(answers.answer(new ListQuery(hash + 1, 0))).isEqualTo(ListPart.unknown(hash + 1));
    }
}
