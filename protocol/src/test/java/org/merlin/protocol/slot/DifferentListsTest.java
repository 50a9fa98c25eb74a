package org.merlin.protocol.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.Selection;

/** While nodes have loaded different lists: who runs what, once all know it, and meanwhile. */
class DifferentListsTest {
    private static final long TIMEOUT = 5_000;

    /** What a node has loaded: some of these hosts, in an order of its own. */
    private static SlotTable table(List<String> hosts, SplittableRandom random) {
        List<MonitoredObject> objects = new ArrayList<>();
        for (String host : hosts) {
            objects.add(random.nextInt(objects.size() + 1), MonitoredObject.ofHost(host));
        }
        return SlotTable.of(
                objects, objects.stream().map(any -> List.<String>of()).toList(), List.of());
    }

    private static SlotTable some(int outOf, SplittableRandom random) {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < outOf; i++) {
            if (random.nextInt(4) > 0) {
                hosts.add("host" + i);
            }
        }
        return table(hosts, random);
    }

    private static Differences differences(SlotTable ours, Map<String, SlotTable> members) {
        Map<String, BitSet> lacking = new HashMap<>();
        members.forEach((node, theirs) -> {
            long[] keys = theirs.sortedKeys(Selection.NONE);
            BitSet indexes = new BitSet();
            for (int index = 0; index < ours.size(); index++) {
                indexes.set(index, Arrays.binarySearch(keys, ours.key(index)) < 0);
            }
            lacking.put(node, indexes);
        });
        return Differences.of(lacking);
    }

    private static Optional<Integer> indexOf(SlotTable slots, String host) {
        for (int index = 0; index < slots.size(); index++) {
            if (slots.object(index).name().equals(host)) {
                return Optional.of(index);
            }
        }
        return Optional.empty();
    }

    @Property(tries = 500)
    void onceAllKnowEachObjectThatAnybodyHasIsRunByOneAndAllNameTheSameOnes(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 7) int nodes) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, SlotTable> loaded = new TreeMap<>();
        for (int i = 0; i < nodes; i++) {
            loaded.put("node" + i, some(30, random));
        }
        PeerRing ring = PeerRing.of(loaded.keySet());
        for (int i = 0; i < 30; i++) {
            String host = "host" + i;
            List<String> runners = new ArrayList<>();
            TreeSet<String> named = new TreeSet<>();
            TreeSet<String> second = new TreeSet<>();
            loaded.forEach((node, slots) -> {
                RingView view = new RingView(ring, true, List.of(), differences(slots, loaded));
                RunnerRule rule = new RunnerRule(node, view, Map.of(), Map.of());
                indexOf(slots, host).ifPresent(index -> {
                    named.add(rule.inLine(slots, index, 0));
                    second.add(rule.inLine(slots, index, 1));
                    if (rule.runs(slots, index)) {
                        runners.add(node);
                    }
                });
            });
            long having = loaded.values().stream()
                    .filter(slots -> indexOf(slots, host).isPresent())
                    .count();
            assertThat(runners).as(host).hasSize(having == 0 ? 0 : 1);
            assertThat(List.copyOf(named)).isEqualTo(runners);
            assertThat(second).hasSize(having == 0 ? 0 : 1);
        }
    }

    @Property(tries = 100)
    void whatAllHaveIsSharedByHash(@ForAll @IntRange(min = 2, max = 5) int nodes) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            names.add("node" + i);
        }
        PeerRing ring = PeerRing.of(names);
        RingView view = new RingView(ring, true, List.of(), Differences.of(Map.of()));
        for (long key = 0; key < 20; key++) {
            assertThat(view.inLine(new RingView.Place(0, key, 0), 0, node -> false))
                    .isEqualTo("node" + key % nodes);
        }
    }

    @Example
    void whatNoPollerHasIsRunByAMasterUnlessItMayNotTakeOver() {
        Selection group = Selection.of(List.of("dmz"));
        List<MonitoredObject> objects = List.of(MonitoredObject.ofHost("old"), MonitoredObject.ofHost("new"));
        SlotTable slots = SlotTable.of(objects, List.of(List.of("dmz"), List.of("dmz")), List.of(group));
        BitSet fresh = new BitSet();
        fresh.set(1);
        RingView pollers = new RingView(PeerRing.of("p"), true, List.of(), Differences.of(Map.of("p", fresh)));
        for (boolean takeover : List.of(true, false)) {
            RunnerRule rule = new RunnerRule(
                    "m", RingView.settled(PeerRing.of("m")), Map.of(group.id(), pollers), Map.of(group.id(), takeover));
            assertThat(rule.runs(slots, 0)).isFalse();
            assertThat(rule.inLine(slots, 0, 0)).isEqualTo("p");
            assertThat(rule.runs(slots, 1)).isEqualTo(takeover);
            assertThat(rule.inLine(slots, 1, 0)).isEqualTo(takeover ? "m" : "");
        }
    }

    @Example
    void whatNoMemberHasIsRunByADrainedNodeThatHasIt() {
        SlotTable slots = table(List.of("common", "own"), new SplittableRandom(1));
        BitSet own = new BitSet();
        own.set(indexOf(slots, "own").orElseThrow());
        RingView view =
                new RingView(PeerRing.of("a", "b"), true, List.of(), Differences.of(Map.of("a", own, "b", own)));
        RunnerRule drained = new RunnerRule("c", view, Map.of(), Map.of());
        assertThat(drained.runs(slots, indexOf(slots, "common").orElseThrow())).isFalse();
        assertThat(drained.runs(slots, indexOf(slots, "own").orElseThrow())).isTrue();
        assertThat(drained.inLine(slots, indexOf(slots, "own").orElseThrow(), 0))
                .isEqualTo("c");
    }

    @Example
    void nobodyIsSureOfItWhileListsDiffer() {
        PeerRing ring = PeerRing.of("a", "b");
        assertThat(new RingView(ring, true, List.of(), Differences.of(Map.of())).sure())
                .isFalse();
        assertThat(RingView.settled(ring).sure()).isTrue();
    }

    // --- the way there and back
    // ---------------------------------------------------------------------------------------------------------

    private static Handover handover(String self, long lists) {
        Handover handover = new Handover(self, PeerRing.of("a", "b"), TIMEOUT, 0);
        handover.onLists(lists);
        handover.onActive(PeerRing.of("a", "b"), 1);
        return handover;
    }

    @Example
    void leavesNothingToAnotherUntilBothShowTheSamePlan() {
        Handover a = handover("a", 7);
        a.onDigest("b", a.ring().hash(), 8);
        assertThat(a.listsDiffer()).isTrue();
        assertThat(a.listsOfMembers()).containsExactly(7L, 8L);
        assertThat(a.agreed()).isFalse();
        assertThat(a.onPlan(a.planToBe(), 10)).isTrue();
        assertThat(a.agreed()).as("b has no plan yet").isFalse();
        a.onDigest("b", a.ring().hash(), 8, a.planToBe());
        assertThat(a.agreed()).isTrue();
        a.onDigest("b", a.ring().hash(), 9, 0);
        assertThat(a.agreed()).as("b has loaded other lists again").isFalse();
    }

    @Example
    void listsThatAreEqualAgainCountOnceTheOtherHasLeftThePlanToo() {
        Handover a = handover("a", 7);
        a.onDigest("b", a.ring().hash(), 8);
        a.onPlan(a.planToBe(), 10);
        long plan = a.plan();
        a.onDigest("b", a.ring().hash(), 7, plan);
        a.onPlan(0, 20);
        a.onTick(20);
        assertThat(a.agreed()).as("b runs what the plan gives it").isFalse();
        a.onDigest("b", a.ring().hash(), 7, 0);
        a.onTick(30);
        assertThat(a.agreed()).isTrue();
    }

    @Example
    void whoMayRelyOnAPlanThatWasLeftIsWaitedForTwoDataTimeouts() {
        Handover a = handover("a", 7);
        a.onDigest("b", a.ring().hash(), 8);
        a.onPlan(a.planToBe(), 10);
        a.onGone("b");
        a.onActive(PeerRing.of("a"), 20);
        a.onPlan(0, 20);
        a.onTick(20);
        assertThat(a.agreed())
                .as("b may still leave to us what the plan gave us")
                .isFalse();
        a.onTick(20 + 2 * TIMEOUT);
        assertThat(a.agreed()).isTrue();
    }

    @Example
    void aMemberWhoseListsNobodyHeardOfMakesNoPlan() {
        Handover a = handover("a", 7);
        assertThat(a.listsOfMembers()).isEmpty();
    }

    @Example
    void aStoredRingDoesNotStandForANodeThatShowsOtherLists() {
        Handover a = new Handover("a", PeerRing.of("a", "b"), TIMEOUT, 0);
        a.onLists(7);
        assertThat(a.agreed()).isTrue();
        a.onDigest("b", 1, 8);
        assertThat(a.agreed()).isFalse();
    }

    @Example
    void aMasterLeavesAGroupToPollersWithOtherListsOnceItsPeersKnowThemToo() {
        Handover a = new Handover("a", PeerRing.of("p"), TIMEOUT, 0);
        a.onActive(PeerRing.of("p"), 1);
        a.onLists(7);
        a.onDigest("p", a.ring().hash(), 8);
        assertThat(a.agreed()).isFalse();
        a.onPlan(a.planToBe(), 2);
        assertThat(a.agreed()).as("p need not know our lists").isTrue();
        PeerRing masters = PeerRing.of("a", "b");
        a.onDigest("b", a.ring().hash(), 7, 0);
        assertThat(a.alsoSeenBy(masters)).as("b thinks that p has 7").isFalse();
        a.onDigest("b", a.ring().hash(), 7, a.plan());
        assertThat(a.alsoSeenBy(masters)).isTrue();
        a.onDigest("b", a.ring().hash(), 8, 0);
        assertThat(a.alsoSeenBy(masters)).as("b has what p has").isTrue();
    }

    /** Nodes whose lists change at any time; what they announce and what they ask for arrives late, in its order. */
    private static final class World {
        final SplittableRandom random;
        final PeerRing ring;
        final Map<String, Handover> nodes = new LinkedHashMap<>();
        final Map<String, SlotTable> loaded = new LinkedHashMap<>();
        final Map<Long, SlotTable> byHash = new HashMap<>();
        final Map<String, Map<Long, SlotTable>> known = new HashMap<>();
        final TreeMap<Long, List<Runnable>> later = new TreeMap<>();
        final Map<String, Long> lastArrival = new HashMap<>();
        long now;

        World(long seed, int count) {
            random = new SplittableRandom(seed);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("node" + i);
            }
            ring = PeerRing.of(names);
            SlotTable first = some(12, random);
            for (String name : names) {
                nodes.put(name, new Handover(name, ring, TIMEOUT, 0));
                known.put(name, new HashMap<>());
                load(name, first);
            }
        }

        void load(String node, SlotTable table) {
            loaded.put(node, table);
            long hash = table.hashes().get(Selection.NONE);
            byHash.put(hash, table);
            known.get(node).put(hash, table);
            nodes.get(node).onLists(hash);
            turn(node);
        }

        void send(String from, String to, Runnable what) {
            long arrival = Math.max(now + random.nextLong(1, 400), lastArrival.getOrDefault(from + to, 0L));
            lastArrival.put(from + to, arrival);
            later.computeIfAbsent(arrival, any -> new ArrayList<>()).add(what);
        }

        void turn(String node) {
            Handover handover = nodes.get(node);
            handover.onActive(ring, now);
            List<Long> lists = handover.listsOfMembers();
            boolean all = !lists.isEmpty();
            for (long hash : lists) {
                if (!known.get(node).containsKey(hash)) {
                    all = false;
                    send(node, node, () -> known.get(node).put(hash, byHash.get(hash))); // asked for, and come
                }
            }
            handover.onPlan(all && handover.listsDiffer() ? handover.planToBe() : 0, now);
            handover.onTick(now);
            announce(node);
        }

        void announce(String from) {
            Handover of = nodes.get(from);
            long hash = of.ring().hash();
            long lists = of.lists();
            long plan = of.plan();
            for (String to : nodes.keySet()) {
                if (!to.equals(from)) {
                    send(from, to, () -> nodes.get(to).onDigest(from, hash, lists, plan));
                }
            }
        }

        void step() {
            now += 50;
            for (var due = later.headMap(now, true); !due.isEmpty(); due.pollFirstEntry()) {
                due.firstEntry().getValue().forEach(Runnable::run);
            }
            nodes.keySet().forEach(this::turn);
        }

        List<String> runners(String host) {
            List<String> runners = new ArrayList<>();
            nodes.forEach((node, handover) -> {
                Map<String, SlotTable> members = new HashMap<>();
                nodes.keySet().forEach(other -> members.put(other, byHash.get(handover.listsOf(other))));
                Differences differences = !handover.listsDiffer()
                        ? Differences.NONE
                        : handover.plan() == 0 ? Differences.UNKNOWN : differences(loaded.get(node), members);
                RunnerRule rule = new RunnerRule(node, handover.view(differences), Map.of(), Map.of());
                if (indexOf(loaded.get(node), host)
                        .filter(index -> rule.runs(loaded.get(node), index))
                        .isPresent()) {
                    runners.add(node);
                }
            });
            return runners;
        }

        boolean anybodyHas(String host) {
            return loaded.values().stream()
                    .anyMatch(slots -> indexOf(slots, host).isPresent());
        }

        void exactlyOneEach() {
            for (int i = 0; i < 12; i++) {
                assertThat(runners("host" + i)).hasSize(anybodyHas("host" + i) ? 1 : 0);
            }
        }
    }

    /**
     * A list that loses an object takes its runner with it until the others hear of it, here as with any node that dies; so objects are only
     * added in this test.
     */
    @Property(tries = 60)
    void whateverIsLoadedWhenEachObjectHasARunnerAtAnyMomentAndOneInTheEnd(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int count) {
        World world = new World(seed, count);
        List<String> names = List.copyOf(world.nodes.keySet());
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 120; i++) {
                world.step();
                if (i < 60 && world.random.nextInt(20) == 0) {
                    String node = names.get(world.random.nextInt(count));
                    SlotTable before = world.loaded.get(node);
                    TreeSet<String> more = new TreeSet<>();
                    for (int index = 0; index < before.size(); index++) {
                        more.add(before.object(index).name());
                    }
                    more.add("host" + world.random.nextInt(12));
                    world.load(node, table(List.copyOf(more), world.random));
                }
                for (int host = 0; host < 12; host++) {
                    if (world.anybodyHas("host" + host)) {
                        assertThat(world.runners("host" + host))
                                .as("host%s, seed %s", host, seed)
                                .isNotEmpty();
                    }
                }
            }
            world.exactlyOneEach();
        }
        SlotTable whole = table(
                java.util.stream.IntStream.range(0, 12)
                        .mapToObj(i -> "host" + i)
                        .toList(),
                world.random);
        names.forEach(node -> world.load(node, whole));
        for (int i = 0; i < 60; i++) {
            world.step();
            for (int host = 0; host < 12; host++) {
                assertThat(world.runners("host" + host)).isNotEmpty();
            }
        }
        world.exactlyOneEach();
        assertThat(world.nodes.values()).allSatisfy(node -> {
            assertThat(node.plan()).isZero();
            assertThat(node.agreed()).isTrue();
        });
    }
}
