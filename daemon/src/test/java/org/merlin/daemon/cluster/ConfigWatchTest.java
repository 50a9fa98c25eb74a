package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.daemon.cluster.ConfigWorld.both;
import static org.merlin.daemon.cluster.ConfigWorld.commands;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.hooks.HookResult.End;
import org.merlin.daemon.cluster.ConfigWorld.Site;
import org.merlin.daemon.status.ConfigView;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeRole;

class ConfigWatchTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String OLD = "00000000aaaa";
    private static final String NEW = "11111111bbbb";

    private final ConfigWorld world = new ConfigWorld();

    private Site peers(MerlinConf.ObjectConfig commands) {
        Site luke = world.site("luke", NEW).sees(NodeRole.PEER, "yoda", commands);
        world.site("yoda", OLD).sees(NodeRole.PEER, "luke", commands);
        luke.mtime = 2000;
        return luke;
    }

    private static ConfigView view(Site site, String of, ConfigWorld world) {
        return new ConfigReport(site.watch).of(site.partner(of), world.micros());
    }

    @Test
    void theNewerPeerPushesAndTheOtherDoesNot() {
        Site luke = peers(both());
        world.effect = ConfigWorld::copy;
        world.run(Duration.ofMinutes(10));
        assertThat(world.done).containsExactly("luke push yoda");
        assertThat(luke.watch.difference(luke.partner("yoda"))).isEmpty();
        assertThat(view(luke, "yoda", world).hook().last().ok()).isTrue();
    }

    @Test
    void whatDiffersIsSaidByBothInASentence() {
        Site luke = peers(commands(Optional.empty(), Optional.empty()));
        world.run(SOON);
        assertThat(world.done).isEmpty();
        assertThat(view(luke, "yoda", world))
                .isEqualTo(new ConfigView(
                        OLD,
                        1000,
                        false,
                        "out of sync: its object configuration is 00000000 of 1970-01-01T00:16:40Z, ours 11111111 of"
                                + " 1970-01-01T00:33:20Z",
                        ConfigView.Hook.NONE));
        assertThat(view(world.sites.get("yoda"), "luke", world).differs())
                .contains("is 11111111")
                .contains("ours 00000000");
    }

    @Test
    void oneCommandRunsAtATimeForANodeAndThirtySecondsLieBetween() {
        Site luke = peers(both());
        world.effect = done -> done.result = new HookResult(End.EXITED, 3, Duration.ofSeconds(2), "a\nno route\n", 0);
        world.run(Duration.ofSeconds(2));
        assertThat(view(luke, "yoda", world).hook().running()).isEqualTo("push");
        world.run(Duration.ofSeconds(28));
        assertThat(world.done).hasSize(1);
        ConfigView.Hook hook = view(luke, "yoda", world).hook();
        assertThat(hook.running()).isEmpty();
        assertThat(hook.waits()).matches("push again in \\d+ s if it is still due then");
        assertThat(hook.last().result()).isEqualTo("ended with status 3 after 2 s");
        assertThat(hook.last().output()).isEqualTo("a\nno route\n");
        world.run(Duration.ofSeconds(5));
        assertThat(world.done).hasSize(2);
    }

    @Test
    void whatFailsIsNoCircleAndIsTriedForever() {
        peers(both());
        world.effect = done -> done.result = new HookResult(End.TIMED_OUT, -1, Duration.ofSeconds(600), "", 0);
        world.run(Duration.ofMinutes(60));
        assertThat(world.done).hasSizeBetween(100, 115).containsOnly("luke push yoda");
    }

    @Test
    void aColonIsNeitherRunNorACircle() {
        Site luke = peers(commands(Optional.of(":"), Optional.empty()));
        world.run(Duration.ofMinutes(10));
        assertThat(world.done).isEmpty();
        assertThat(luke.of("yoda").stopped).isEmpty();
        assertThat(luke.of("yoda").waits).contains("which does nothing");
    }

    @Test
    void aHangingCommandForOneNodeHoldsNoOther() {
        Site luke = peers(both());
        luke.sees(NodeRole.PEER, "leia", both());
        world.site("leia", OLD);
        world.hanging.add("yoda");
        world.effect = ConfigWorld::copy;
        world.run(Duration.ofHours(1));
        assertThat(world.done).containsExactly("luke push yoda", "luke push leia");
        assertThat(view(luke, "yoda", world).hook().runningSeconds()).isBetween(3590.0, 3600.0);
    }

    @Test
    void soManyCommandsRunAtOnceAndTheOthersWaitForTheirTurn() {
        Site luke = world.site("luke", NEW);
        luke.mtime = 2000;
        for (int i = 0; i < 2 * ConfigWatch.MOST_AT_ONCE; i++) {
            world.site("p" + i, OLD);
            luke.sees(NodeRole.PEER, "p" + i, both());
        }
        world.effect = ConfigWorld::copy;
        luke.watch.onTick(world.now);
        assertThat(world.done).hasSize(ConfigWatch.MOST_AT_ONCE);
        assertThat(luke.partners.keySet().stream()
                        .map(node -> luke.of(node).waits)
                        .filter(waits -> waits.contains("waits for its turn")))
                .hasSize(ConfigWatch.MOST_AT_ONCE);
        world.run(SOON);
        assertThat(world.done).hasSize(2 * ConfigWatch.MOST_AT_ONCE);
    }

    @Test
    void ofAPollerNothingIsSaidWhileItsPartIsNotKnown() {
        Site luke = world.site("luke", NEW).sees(NodeRole.POLLER, "hoth", both());
        world.site("hoth", OLD);
        world.run(SOON);
        assertThat(view(luke, "hoth", world).inSync()).isTrue();
        luke.parts.put("hoth", "22222222cccc");
        world.run(SOON);
        assertThat(view(luke, "hoth", world).differs()).contains("what we have for it 22222222 of");
        assertThat(world.done).containsExactly("luke push hoth");
    }

    @Test
    void aPollerWithFilesAsNewIsPushedToOnlyWhileAllPeersAreThereWithTheSame() {
        Site luke = world.site("luke", NEW)
                .sees(NodeRole.POLLER, "hoth", both())
                .sees(NodeRole.PEER, "yoda", commands(Optional.empty(), Optional.empty()));
        Site yoda = world.site("yoda", NEW);
        world.site("hoth", OLD);
        luke.parts.put("hoth", "22222222cccc");
        yoda.away = true;
        world.run(SOON);
        yoda.away = false;
        yoda.has(OLD, 1000);
        world.run(SOON);
        assertThat(world.done).isEmpty();
        assertThat(luke.of("hoth").waits).contains("not all our peers are there");
        yoda.has(NEW, 1000);
        world.run(SOON);
        assertThat(world.done).containsExactly("luke push hoth");
    }

    @Test
    void aHashThatIsNoneAndATimeThatIsNoneAreNotBelieved() {
        Site luke = peers(both());
        for (String sha1 : List.of("", "x\nrun yoda", "../../etc", "A".repeat(60_000))) {
            world.sites.get("yoda").sha1 = sha1;
            world.run(SOON);
            assertThat(view(luke, "yoda", world)).extracting(ConfigView::sha1).isEqualTo("");
        }
        world.sites.get("yoda").has(OLD, Long.MAX_VALUE);
        world.run(SOON);
        assertThat(view(luke, "yoda", world).inSync()).isTrue();
        assertThat(world.done).isEmpty();
    }

    @Test
    void aNodeThatIsTakenOutOfTheConfigurationIsForgottenOnceItsCommandHasEnded() {
        Site luke = peers(both());
        world.effect = ConfigWorld::copy;
        luke.watch.onTick(world.now);
        luke.partners.clear();
        world.run(SOON);
        luke.sees(NodeRole.PEER, "yoda", both());
        assertThat(luke.of("yoda").last).isEmpty();
    }

    // --- fetch ------------------------------------------------------------------------------------------------------

    private Site pollerOfAMaster() {
        world.site("hoth", OLD).sees(NodeRole.MASTER, "luke", both());
        return world.site("luke", NEW).sees(NodeRole.POLLER, "hoth", both());
    }

    @Test
    void aPollerFetchesWhatItsMasterHasOfAnotherTime() {
        pollerOfAMaster().mtime = 3000;
        world.effect = ConfigWorld::copy;
        world.run(Duration.ofMinutes(5));
        assertThat(world.done).containsExactly("hoth fetch luke");
    }

    @Test
    void aMasterMayAskForAFetchThoughNothingDiffers() {
        Site luke = pollerOfAMaster();
        world.run(SOON);
        assertThat(luke.watch.remoteFetch("hoth")).isEmpty();
        world.run(SOON);
        assertThat(world.done).containsExactly("hoth fetch luke");
        for (int i = 0; i < 1000; i++) {
            luke.watch.remoteFetch("hoth");
        }
        world.run(Duration.ofMinutes(2));
        assertThat(world.done).as("a flood of questions is one").hasSize(2);
    }

    @Test
    void aPollerMayNotAskForOneAndAMasterIsNotAsked() {
        Site luke = pollerOfAMaster();
        world.sites.get("hoth").partner("luke").askToFetch();
        world.run(SOON);
        assertThat(world.done).isEmpty();
        assertThat(world.sites.get("hoth").watch.remoteFetch("luke"))
                .singleElement()
                .asString()
                .contains("is a master");
        assertThat(luke.watch.remoteFetch("nobody")).singleElement().asString().contains("no node");
        world.sites.get("hoth").away = true;
        assertThat(luke.watch.remoteFetch("hoth")).singleElement().asString().contains("not connected");
    }

    @Test
    void whereNoFetchCommandIsSetNothingIsFetched() {
        world.site("hoth", OLD).sees(NodeRole.MASTER, "luke", commands(Optional.of("push"), Optional.empty()));
        Site luke = world.site("luke", NEW).sees(NodeRole.POLLER, "hoth", both());
        assertThat(luke.watch.remoteFetch("hoth")).isEmpty();
        world.run(SOON);
        assertThat(world.done).isEmpty();
    }
}
