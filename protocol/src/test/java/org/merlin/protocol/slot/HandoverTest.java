package org.merlin.protocol.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.Selection;

/** Make before break, and what follows from it: whoever is told what when, a check always has a runner. */
class HandoverTest {
    private static final long TIMEOUT = 5_000;
    private static final int SLOTS = 12;

    /** A peer: its handover and whom it sees. */
    private static final class Peer {
        final String name;
        final Handover handover;
        PeerRing seen;

        Peer(String name, PeerRing stored, long now) {
            this.name = name;
            this.handover = new Handover(name, stored, TIMEOUT, now);
            this.seen = stored;
        }
    }

    /** Peers that come and go; pulses between them arrive late, in their order. */
    private static final class World {
        final SplittableRandom random;
        final List<String> configured = new ArrayList<>();
        final Map<String, Peer> alive = new TreeMap<>();
        final TreeMap<Long, List<Runnable>> later = new TreeMap<>();
        final Map<String, Long> lastArrival = new HashMap<>();
        long now;

        World(long seed, int peers) {
            random = new SplittableRandom(seed);
            for (int i = 0; i < peers; i++) {
                configured.add("peer" + i);
            }
            configured.forEach(name -> alive.put(name, new Peer(name, PeerRing.of(configured), 0)));
        }

        void in(long delay, Runnable what) {
            later.computeIfAbsent(now + delay, any -> new ArrayList<>()).add(what);
        }

        void announce(Peer from) {
            PeerRing ring = from.handover.ring();
            for (String to : configured) {
                long arrival = Math.max(now + random.nextLong(1, 400), lastArrival.getOrDefault(from.name + to, 0L));
                lastArrival.put(from.name + to, arrival);
                in(arrival - now, () -> {
                    if (alive.containsKey(to) && alive.containsKey(from.name) && to != from.name) {
                        alive.get(to).handover.onDigest(from.name, ring.hash(), 7);
                    }
                });
            }
        }

        /** Everybody learns, each after a time of its own, who is alive. */
        void noticeChange() {
            for (Peer peer : alive.values()) {
                in(random.nextLong(1, 15_000), () -> peer.seen = PeerRing.of(List.copyOf(alive.keySet())));
            }
        }

        void turn() {
            now += 50;
            for (var due = later.headMap(now, true); !due.isEmpty(); due.pollFirstEntry()) {
                due.firstEntry().getValue().forEach(Runnable::run);
            }
            for (Peer peer : alive.values()) {
                peer.handover.onLists(7);
                peer.handover.onTick(now);
                for (String name : configured) {
                    if (!peer.seen.contains(name)) {
                        peer.handover.onGone(name);
                    }
                }
                if (peer.handover.onActive(peer.seen, now) || now % 1_000 == 0) {
                    announce(peer);
                }
            }
        }

        List<String> runners(int slot) {
            List<String> runners = new ArrayList<>();
            for (Peer peer : alive.values()) {
                if (peer.handover.view().runs(peer.name, slot)) {
                    runners.add(peer.name);
                }
            }
            return runners;
        }
    }

    @Property(tries = 40)
    void aNodeThatComesTakesOverWithoutAMomentWithoutRunner(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int peers) {
        World world = new World(seed, peers);
        String late = "peer" + world.random.nextInt(peers);
        world.alive.remove(late);
        world.alive.values().forEach(peer -> peer.seen = PeerRing.of(List.copyOf(world.alive.keySet())));
        settle(world, false);
        world.alive.put(late, new Peer(late, PeerRing.of(world.configured), world.now));
        world.noticeChange();
        for (int i = 0; i < 800; i++) {
            world.turn();
            for (int slot = 0; slot < SLOTS; slot++) {
                assertThat(world.runners(slot))
                        .as("slot %d at %d", slot, world.now)
                        .isNotEmpty();
            }
        }
        exactlyOneEach(world);
    }

    @Property(tries = 40)
    void afterANodeIsGoneItsChecksHaveARunnerOnceTheOthersNotice(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int peers) {
        World world = new World(seed, peers);
        settle(world, true);
        List<List<String>> before = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            before.add(world.runners(slot));
        }
        String victim = "peer" + world.random.nextInt(peers);
        world.alive.remove(victim);
        world.noticeChange();
        for (int i = 0; i < 800; i++) {
            world.turn();
            boolean noticed = world.alive.values().stream().noneMatch(peer -> peer.seen.contains(victim));
            for (int slot = 0; slot < SLOTS; slot++) {
                boolean victims = before.get(slot).contains(victim);
                assertThat(victims && !noticed || !world.runners(slot).isEmpty())
                        .as("slot %d at %d", slot, world.now)
                        .isTrue();
            }
        }
        exactlyOneEach(world);
        world.alive.put(victim, new Peer(victim, PeerRing.of(world.configured), world.now));
        world.noticeChange();
        settle(world, true);
        for (int slot = 0; slot < SLOTS; slot++) {
            assertThat(world.runners(slot))
                    .as("a restart gives the same share back")
                    .isEqualTo(before.get(slot));
        }
    }

    private static void settle(World world, boolean whole) {
        for (int i = 0; i < 800; i++) {
            world.turn();
        }
        assertThat(world.alive.size() == world.configured.size()).isEqualTo(whole);
        exactlyOneEach(world);
    }

    private static void exactlyOneEach(World world) {
        PeerRing ring = PeerRing.of(List.copyOf(world.alive.keySet()));
        for (int slot = 0; slot < SLOTS; slot++) {
            assertThat(world.runners(slot)).containsExactly(ring.runner(slot));
        }
    }

    @Example
    void theStoredRingStandsForEverybodyAtTheStart() {
        Handover handover = new Handover("a", PeerRing.of("a", "b"), TIMEOUT, 0);
        assertThat(handover.onActive(PeerRing.of("a"), 1)).isFalse();
        assertThat(handover.view().runs("a", 0)).isTrue();
        assertThat(handover.view().runs("a", 1)).as("b may well be running").isFalse();
        assertThat(handover.onActive(PeerRing.of("a"), TIMEOUT)).isTrue();
        assertThat(handover.view().runs("a", 1)).isTrue();
    }

    @Example
    void keepsWhatAnOldRingGaveForTwoDataTimeouts() {
        Handover handover = new Handover("a", PeerRing.of("a"), TIMEOUT, 0);
        handover.onActive(PeerRing.of("a"), 0);
        handover.onActive(PeerRing.of("a", "b"), 1);
        assertThat(handover.view().runs("a", 1)).as("b has not said so yet").isTrue();
        handover.onDigest("b", PeerRing.of("a", "b").hash(), 0);
        assertThat(handover.agreed()).isTrue();
        handover.onTick(2 * TIMEOUT);
        assertThat(handover.view().runs("a", 1)).isTrue();
        handover.onTick(2 * TIMEOUT + 1);
        assertThat(handover.view().runs("a", 1)).isFalse();
    }

    @Example
    void leavesNothingToANodeWithOtherLists() {
        Handover handover = new Handover("a", PeerRing.of("a", "b"), TIMEOUT, 0);
        handover.onLists(1);
        handover.onActive(PeerRing.of("a", "b"), 0);
        handover.onDigest("b", PeerRing.of("a", "b").hash(), 2);
        assertThat(handover.hasOtherLists("b")).isTrue();
        assertThat(handover.view().runs("a", 1)).isTrue();
    }

    @Property(tries = 300)
    void aPollersCheckIsRunByOnePollerOrElseByOneMaster(
            @ForAll @IntRange(max = 3) int pollers,
            @ForAll @IntRange(min = 1, max = 4) int masters,
            @ForAll boolean takeover) {
        Selection site = Selection.of(List.of("site"));
        List<MonitoredObject> objects = new ArrayList<>();
        List<List<String>> groups = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            objects.add(MonitoredObject.ofHost("h" + i));
            groups.add(i % 2 == 0 ? List.of("site") : List.of());
        }
        SlotTable atMaster = SlotTable.of(objects, groups, List.of(site));
        PeerRing above = ring("master", masters);
        PeerRing below = ring("poller", pollers);
        for (int index = 0; index < objects.size(); index++) {
            List<String> runners = new ArrayList<>();
            for (String master : above.names()) {
                RunnerRule rule = new RunnerRule(
                        master,
                        RingView.settled(above),
                        Map.of(site.id(), RingView.settled(below)),
                        Map.of(site.id(), takeover));
                if (rule.runs(atMaster, index)) {
                    runners.add(master);
                    assertThat(rule.inLine(atMaster, index, 0)).isEqualTo(master);
                }
            }
            boolean siteOwn = index % 2 == 0;
            for (String poller : below.names()) {
                if (siteOwn && RingView.settled(below).runs(poller, atMaster.groupSlot(index))) {
                    runners.add(poller);
                }
            }
            assertThat(runners).hasSize(siteOwn && below.isEmpty() && !takeover ? 0 : 1);
            assertThat(runners).allMatch(name -> name.startsWith("poller") == (siteOwn && !below.isEmpty()));
        }
    }

    private static PeerRing ring(String prefix, int size) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            names.add(prefix + i);
        }
        return PeerRing.of(names);
    }
}
