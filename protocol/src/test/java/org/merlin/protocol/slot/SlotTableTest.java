package org.merlin.protocol.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.UniqueElements;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.node.Selection;

class SlotTableTest {
    private static final Selection SITE = Selection.of(List.of("site"));

    @Property(tries = 200)
    void placesDoNotDependOnTheOrderInWhichObjectsAreLoaded(
            @ForAll @NotEmpty @UniqueElements @Size(max = 40)
                    List<@AlphaChars @StringLength(min = 1, max = 5) String> hosts,
            @ForAll long seed) {
        List<MonitoredObject> objects = new ArrayList<>();
        hosts.forEach(host -> {
            objects.add(MonitoredObject.ofHost(host));
            objects.add(MonitoredObject.ofService(host, "a"));
            objects.add(MonitoredObject.ofService(host, "B"));
        });
        SlotTable before = table(objects);
        List<MonitoredObject> shuffled = new ArrayList<>(objects);
        Collections.shuffle(shuffled, new Random(seed));
        SlotTable after = table(shuffled);
        assertThat(after.hashes()).isEqualTo(before.hashes());
        assertThat(places(after)).isEqualTo(places(before));
    }

    private static SlotTable table(List<MonitoredObject> objects) {
        return SlotTable.of(
                objects, objects.stream().map(SlotTableTest::groupsOf).toList(), List.of(SITE));
    }

    private static List<String> groupsOf(MonitoredObject object) {
        return object.host().hashCode() % 3 == 0 ? List.of("all", "site") : List.of("all");
    }

    private static Map<String, List<Integer>> places(SlotTable table) {
        Map<String, List<Integer>> places = new HashMap<>();
        for (int i = 0; i < table.size(); i++) {
            places.put(table.object(i).name(), List.of(table.slot(i), table.group(i), table.groupSlot(i)));
        }
        return places;
    }

    @Example
    void numbersHostsAndServicesApartByTheBytesOfTheirNames() {
        SlotTable table = table(List.of(
                MonitoredObject.ofService("b", "x"),
                MonitoredObject.ofHost("b"),
                MonitoredObject.ofHost("B"),
                MonitoredObject.ofHost("ä"),
                MonitoredObject.ofService("b", "X"),
                MonitoredObject.ofHost("a")));
        assertThat(IntStream.range(0, 6).map(table::slot)).containsExactly(1, 2, 0, 3, 0, 1);
    }

    @Example
    void numbersAPollersObjectsAmongThemselvesToo() {
        SlotTable table = SlotTable.of(
                List.of(MonitoredObject.ofHost("a"), MonitoredObject.ofHost("b"), MonitoredObject.ofHost("c")),
                List.of(List.of("site"), List.of(), List.of("site")),
                List.of(SITE));
        assertThat(IntStream.range(0, 3).map(table::slot)).containsExactly(0, 1, 2);
        assertThat(IntStream.range(0, 3).map(table::groupSlot)).containsExactly(0, 0, 1);
        assertThat(IntStream.range(0, 3).map(table::group)).containsExactly(SITE.id(), Selection.NONE, SITE.id());
    }

    @Example
    void aPollerThatKnowsOnlyItsOwnObjectsGivesThemTheSameHashAndPlaces() {
        List<MonitoredObject> site = List.of(
                MonitoredObject.ofHost("s1"), MonitoredObject.ofHost("s2"), MonitoredObject.ofService("s1", "x"));
        List<MonitoredObject> all = new ArrayList<>(site);
        all.add(1, MonitoredObject.ofHost("m"));
        List<List<String>> groups = new ArrayList<>(Collections.nCopies(3, List.of("site")));
        SlotTable poller = SlotTable.of(site, groups, List.of());
        groups.add(1, List.of());
        SlotTable master = SlotTable.of(all, groups, List.of(SITE));
        assertThat(poller.hashes().get(Selection.NONE))
                .isEqualTo(master.hashes().get(SITE.id()));
        assertThat(poller.slot(2)).isEqualTo(master.groupSlot(3));
    }

    @Example
    void theFirstPollerGroupThatClaimsAHostGetsIt() {
        Selection other = Selection.of(List.of("other"));
        SlotTable table = SlotTable.of(
                List.of(MonitoredObject.ofHost("a")), List.of(List.of("site", "other")), List.of(other, SITE));
        assertThat(table.group(0)).isEqualTo(other.id());
    }

    @Example
    void anObjectThatIsThereTwiceIsNamed() {
        assertThatThrownBy(() -> table(List.of(MonitoredObject.ofHost("a"), MonitoredObject.ofHost("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a is there twice");
    }

    @Property(tries = 200)
    void sharesDifferByAtMostOne(
            @ForAll @IntRange(min = 1, max = 9) int peers, @ForAll @IntRange(max = 200) int checks) {
        PeerRing ring =
                PeerRing.of(IntStream.range(0, peers).mapToObj(i -> "peer" + i).toList());
        int[] share = new int[peers];
        for (int slot = 0; slot < checks; slot++) {
            share[ring.names().indexOf(ring.runner(slot))]++;
        }
        assertThat(IntStream.of(share).max().getAsInt()
                        - IntStream.of(share).min().getAsInt())
                .isLessThanOrEqualTo(1);
    }

    @Property(tries = 500)
    void namesAreOrderedByTheirUtf8(@ForAll String left, @ForAll String right) {
        int bytewise = java.util.Arrays.compareUnsigned(
                left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                right.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (isText(left) && isText(right)) {
            assertThat(Integer.signum(NameOrder.BYTEWISE.compare(left, right))).isEqualTo(Integer.signum(bytewise));
        }
    }

    private static boolean isText(String text) {
        return text.codePoints().noneMatch(point -> point >= 0xd800 && point <= 0xdfff);
    }
}
