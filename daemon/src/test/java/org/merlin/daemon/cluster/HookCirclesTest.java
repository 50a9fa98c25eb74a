package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.daemon.cluster.ConfigWorld.both;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.cluster.ConfigWorld.Site;
import org.merlin.protocol.node.NodeRole;

/** Pushes that would go on for ever, as sites of the C original have known them. */
class HookCirclesTest {
    private static final Duration HOURS = Duration.ofHours(6);
    private static final String ONE = "11111111aaaa";
    private static final String TWO = "22222222bbbb";

    private final ConfigWorld world = new ConfigWorld();

    private Site peer(String name, String sha1, String... others) {
        Site site = world.site(name, sha1);
        for (String other : others) {
            site.sees(NodeRole.PEER, other, both());
        }
        return site;
    }

    private static String hash(int number) {
        return String.format("%08xcccc", number);
    }

    @Test
    void twoPeersThatEachKeepALineOfTheirOwnStop() {
        Site luke = peer("luke", ONE, "yoda");
        Site yoda = peer("yoda", TWO, "luke");
        luke.mtime = 2000;
        world.effect = done -> done.other.mtime = world.now; // it is written, as its own line wants it
        world.run(HOURS);
        assertThat(world.done)
                .containsExactly(
                        "luke push yoda",
                        "yoda push luke",
                        "luke push yoda",
                        "yoda push luke",
                        "luke push yoda",
                        "yoda push luke");
        assertThat(luke.of("yoda").stopped)
                .isEqualTo(
                        "luke pushed 11111111 to yoda 3 times within an hour, and yoda has 22222222 all the same: this"
                                + " is not done any more until one of both is another one, or mon oconf retry yoda");
        assertThat(yoda.of("luke").waits).contains("it is to push them");
    }

    @Test
    void twoMastersThatDisagreeAboutAPollerStopAndNameEachOther() {
        Site luke = peer("luke", ONE, "yoda").sees(NodeRole.POLLER, "hoth", both());
        Site yoda = peer("yoda", ONE, "luke").sees(NodeRole.POLLER, "hoth", both());
        luke.parts.put("hoth", hash(1));
        yoda.parts.put("hoth", hash(2));
        world.site("hoth", hash(1));
        world.effect = done -> done.other.has(done.site.parts.get("hoth"), 1000);
        world.run(HOURS);
        assertThat(world.done).hasSizeBetween(5, 6).contains("luke push hoth", "yoda push hoth");
        assertThat(luke.of("hoth").stopped + yoda.of("hoth").stopped).containsAnyOf("(see yoda)", "(see luke)");
    }

    @Test
    void aPushThatSucceedsAndChangesNothingIsGivenUp() {
        Site luke = peer("luke", ONE, "yoda");
        peer("yoda", TWO, "luke");
        luke.mtime = 2000;
        world.run(HOURS);
        assertThat(world.done).hasSize(3);
    }

    @Test
    void anAvalancheInWhichEveryPushMakesANewConfigurationIsSlowedDown() {
        Site luke = peer("luke", hash(1), "yoda");
        peer("yoda", hash(0), "luke");
        luke.mtime = 2000;
        int[] last = {1};
        world.effect = done -> done.other.has(hash(++last[0]), 2000 + last[0]);
        world.run(HOURS);
        assertThat(world.done).as("at most 10 an hour, not 100").hasSizeLessThan(70);
        world.run(Duration.ofMinutes(20));
        assertThat(luke.of("yoda").stopped + world.sites.get("yoda").of("luke").stopped)
                .contains("never had what was pushed");
    }

    @Test
    void aStopOutlivesRestartsOfTheDaemonThatEachPushBrings() {
        Site luke = peer("luke", ONE, "yoda");
        peer("yoda", TWO, "luke");
        luke.mtime = 2000;
        world.effect = done -> {
            done.other.mtime = world.now;
            done.other.restart();
        };
        world.run(HOURS);
        assertThat(world.done).hasSizeBetween(4, 6);
        luke.restart();
        world.run(HOURS);
        assertThat(world.done).hasSizeBetween(4, 6);
    }

    @Test
    void aNewEditIsPushedAndSoIsWhatTheUserWantsTriedAgain() {
        Site luke = peer("luke", ONE, "yoda");
        Site yoda = peer("yoda", TWO, "luke");
        luke.mtime = 2000;
        world.run(HOURS);
        assertThat(world.done).hasSize(3);
        assertThat(luke.watch.retry("yoda", world.now)).isEmpty();
        assertThat(world.done).as("at once").hasSize(4);
        world.run(HOURS);
        assertThat(world.done).hasSize(6);
        world.effect = ConfigWorld::copy;
        luke.has(hash(3), 3000);
        world.run(Duration.ofMinutes(1));
        assertThat(world.done).hasSize(7);
        assertThat(yoda.sha1).isEqualTo(hash(3));
        assertThat(luke.of("yoda").stopped).isEmpty();
    }

    @Test
    void editsOnEitherSideEveryFewMinutesAreNoCircle() {
        Site luke = peer("luke", ONE, "yoda");
        Site yoda = peer("yoda", ONE, "luke");
        world.effect = ConfigWorld::copy;
        for (int i = 0; i < 200; i++) {
            (i % 2 == 0 ? luke : yoda).has(hash(i), 2000 + i);
            world.run(Duration.ofMinutes(2));
            assertThat(yoda.sha1).isEqualTo(luke.sha1).isEqualTo(hash(i));
        }
        assertThat(world.done).hasSize(200);
    }
}
