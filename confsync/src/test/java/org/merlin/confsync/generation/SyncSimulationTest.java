package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.confsync.generation.SimulatedSites.master;
import static org.merlin.confsync.generation.SimulatedSites.peer;
import static org.merlin.confsync.generation.SimulatedSites.poller;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.confsync.generation.SimulatedSites.Site;

/** Clusters whose daemons are killed, cut off and changed at random, from a seed: {@code -Dmerlin.sync.seeds=N} tries more. */
final class SyncSimulationTest {
    private static final List<String> MASTERS = List.of("master1", "master2", "master3");
    private static final List<String> POLLERS = List.of("poller1", "poller2");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("merlin.sync.seeds", 8));
    }

    private static SimulatedSites threeMasters(long seed) {
        SimulatedSites sites = new SimulatedSites(seed);
        sites.add("master1", peer("master2"), peer("master3"), poller("poller1", "emea"), poller("poller2", "asia"));
        sites.add("master2", peer("master1"), peer("master3"), poller("poller1", "emea"), poller("poller2", "asia"));
        sites.add("master3", peer("master1"), peer("master2"), poller("poller1", "emea"), poller("poller2", "asia"));
        POLLERS.forEach(name -> sites.add(name, master("master1"), master("master2"), master("master3")));
        MASTERS.forEach(name -> sites.site(name).write("emea: 0\nasia: 0\n"));
        sites.sites().forEach(Site::start);
        sites.run(5);
        return sites;
    }

    private static PushWish plain() {
        return new PushWish(Optional.empty(), false, false, List.of(), 0, false, "pushed");
    }

    /** Kills daemons at any moment while one node after another pushes. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whoeverIsKilledWheneverAllEndOnTheSameWholeGeneration(long seed) {
        try (SimulatedSites sites = threeMasters(seed)) {
            SplittableRandom random = sites.random();
            for (int round = 1; round <= 4; round++) {
                Site pusher = sites.site(MASTERS.get(random.nextInt(3)));
                if (pusher.up() && !pusher.syncer().busy()) {
                    boolean bad = random.nextInt(4) == 0;
                    String victim = MASTERS.get(random.nextInt(3));
                    pusher.write("emea: " + round + "\nasia: " + seed + "\n" + (bad ? "dies on " + victim + "\n" : ""));
                    pusher.syncer().push(plain());
                }
                killAndStart(sites, random);
                sites.sites().stream().filter(site -> !site.up()).forEach(Site::start);
                settle(sites);
            }
            assertAllEqual(sites);
        }
    }

    private static void killAndStart(SimulatedSites sites, SplittableRandom random) {
        for (int i = 0; i < 6; i++) {
            int steps = random.nextInt(60);
            for (int step = 0; step < steps; step++) {
                sites.step();
            }
            Site any = sites.sites().get(random.nextInt(sites.sites().size()));
            if (any.up()) {
                any.kill();
            } else {
                any.start();
            }
        }
    }

    /** What somebody edited and a kill left unpushed would keep others' changes out, as it should: an admin puts it aside. */
    private static void settle(SimulatedSites sites) {
        sites.run(60);
        MASTERS.forEach(name -> sites.site(name).syncer().putAside());
        sites.run(60);
    }

    private static void assertAllEqual(SimulatedSites sites) {
        Set<String> heads =
                Set.copyOf(MASTERS.stream().map(name -> sites.heads().get(name)).toList());
        assertThat(heads)
                .as("%s", sites.sites().stream().map(Site::said).toList())
                .hasSize(1);
        String text = sites.site("master1").text();
        for (String name : MASTERS) {
            assertThat(sites.site(name).text()).as(name).isEqualTo(text).doesNotContain("dies");
            assertThat(sites.site(name).loaded()).as("%s loaded", name).isEqualTo(text);
        }
        for (String name : POLLERS) {
            String group = name.equals("poller1") ? "emea" : "asia";
            String part = text.lines()
                            .filter(line -> line.startsWith(group))
                            .findFirst()
                            .orElseThrow() + "\n";
            assertThat(sites.site(name).text()).as(name).isEqualTo(part);
            assertThat(sites.site(name).loaded()).as("%s loaded", name).isEqualTo(part);
        }
    }

    /** All three change the same generation at once, or in a partition: no loop, no lost change, one is chosen. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatSeveralChangedAtOnceIsNeitherLostNorGoesRoundInCircles(long seed) throws Exception {
        try (SimulatedSites sites = threeMasters(seed)) {
            SplittableRandom random = sites.random();
            sites.sites().forEach(site -> site.skew(random.nextInt(-3600, 3600)));
            if (random.nextBoolean()) {
                sites.cut("master1", "master2");
                sites.cut("master1", "master3");
                sites.cut("master2", "master3");
                sites.run(1);
            }
            for (String name : MASTERS) {
                sites.site(name).write("emea: " + name + "\nasia: 1\n");
                sites.site(name).syncer().push(plain());
            }
            sites.run(200);
            sites.mend();
            sites.run(60);
            int reloads = sites.sites().stream().mapToInt(Site::reloads).sum();
            sites.run(120);
            assertThat(sites.sites().stream().mapToInt(Site::reloads).sum())
                    .as("reloads in quiet")
                    .isEqualTo(reloads);
            for (String name : MASTERS) {
                assertThat(sites.site(name).text()).contains("emea: " + name);
            }
            resolve(sites, sites.site(MASTERS.get(random.nextInt(3))));
            assertAllEqual(sites);
        }
    }

    private static void resolve(SimulatedSites sites, Site chosen) {
        PushWish wish = new PushWish(Optional.empty(), true, true, List.of(), 0, false, "resolved");
        Push push = chosen.syncer().push(wish).orElseThrow();
        sites.run(200);
        assertThat(push.generation()).as("%s", push.lines()).isNotEmpty();
        MASTERS.forEach(name -> sites.site(name).syncer().putAside());
        sites.run(60);
    }

    @Test
    void aPushDuringAPartitionReachesTheOthersAfterIt() {
        try (SimulatedSites sites = threeMasters(1)) {
            sites.cut("master1", "master3");
            sites.cut("master2", "master3");
            sites.run(1);
            sites.site("master1").write("emea: 1\nasia: 1\n");
            assertThat(sites.push("master1").good()).isTrue();
            assertThat(sites.site("master3").text()).isEqualTo("emea: 0\nasia: 0\n");
            sites.mend();
            sites.run(10);
            assertAllEqual(sites);
        }
    }
}
