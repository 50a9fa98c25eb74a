package org.merlin.confsync.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.merlin.confsync.hooks.HookRule.Action;
import org.merlin.confsync.hooks.Situation.Side;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeRole;

class HookRuleTest {
    private static final HookCommands PUSH = commands("p", "", false);
    private static final HookCommands BOTH = commands("p", "f", false);
    private static final Side US = side("us", "aa", 1000);

    private static HookCommands commands(String push, String fetch, boolean own) {
        return new HookCommands(command(push), command(fetch), own);
    }

    private static Optional<HookCommand> command(String line) {
        return Optional.of(line).filter(text -> !text.isEmpty()).map(text -> HookCommand.of(text, List.of(), false));
    }

    private static Side side(String name, String sha1, long mtime) {
        return new Side(name, new ConfigStamp(sha1, mtime), 5);
    }

    private static Action peer(Side ours, Side theirs, HookCommands commands) {
        return HookRule.decide(new Situation(NodeRole.PEER, true, ours, theirs, Optional.empty(), false, commands))
                .action();
    }

    private static Action poller(Side theirs, Optional<ConfigStamp> part, boolean peersAgree) {
        return HookRule.decide(new Situation(NodeRole.POLLER, true, US, theirs, part, peersAgree, PUSH))
                .action();
    }

    private static Action master(Side theirs, HookCommands commands) {
        return HookRule.decide(new Situation(NodeRole.MASTER, true, US, theirs, Optional.empty(), true, commands))
                .action();
    }

    // --- peers -------------------------------------------------------------------------------------------------------

    @Test
    void peersWithTheSameHashAreLeftAloneWhateverTheirTimes() {
        assertThat(peer(US, side("them", "aa", 1), BOTH)).isEqualTo(Action.NOTHING);
        assertThat(peer(US, side("them", "aa", 5000), BOTH)).isEqualTo(Action.NOTHING);
    }

    @Test
    void theNewerPeerPushesAndTheOlderOneFetchesIfItCanElseWaits() {
        assertThat(peer(US, side("them", "bb", 999), BOTH)).isEqualTo(Action.PUSH);
        assertThat(peer(US, side("them", "bb", 1001), BOTH)).isEqualTo(Action.FETCH);
        assertThat(peer(US, side("them", "bb", 1001), PUSH)).isEqualTo(Action.WAIT);
    }

    @Test
    void ofEquallyNewFilesThoseOfThePeerThatStartedFirstArePushed() {
        Side late = new Side("them", new ConfigStamp("bb", 1000), 6);
        assertThat(peer(US, late, PUSH)).isEqualTo(Action.PUSH);
        assertThat(peer(late, US, PUSH)).isEqualTo(Action.WAIT);
    }

    @Test
    void aPeerOfWhichNothingIsKnownIsLeftAlone() {
        assertThat(peer(US, side("them", "", 1), BOTH)).isEqualTo(Action.NOTHING);
        assertThat(peer(side("us", "", 0), side("them", "bb", 1), BOTH)).isEqualTo(Action.NOTHING);
    }

    @Property
    void oneOfTwoPeersPushesAndTheOtherNeverDoes(@ForAll("sides") Side a, @ForAll("sides") Side b) {
        Side one = new Side("one", a.stamp(), a.startMicros());
        Side two = new Side("two", b.stamp(), b.startMicros());
        List<Action> both = List.of(peer(one, two, PUSH), peer(two, one, PUSH));
        if (one.stamp().sha1().equals(two.stamp().sha1())) {
            assertThat(both).containsOnly(Action.NOTHING);
        } else {
            assertThat(both).containsExactlyInAnyOrder(Action.PUSH, Action.WAIT);
        }
    }

    @Provide
    static Arbitrary<Side> sides() {
        return Combinators.combine(
                        Arbitraries.of("aa", "bb", "cc"),
                        Arbitraries.longs().between(0, 3),
                        Arbitraries.longs().between(0, 2))
                .as((sha1, mtime, start) -> new Side("", new ConfigStamp(sha1, mtime), start));
    }

    // --- pollers -----------------------------------------------------------------------------------------------------

    @Test
    void aPollerIsComparedWithItsPartAndNotWithUs() {
        Optional<ConfigStamp> part = Optional.of(new ConfigStamp("cc", 1000));
        assertThat(poller(side("poller", "cc", 1000), part, true)).isEqualTo(Action.NOTHING);
        assertThat(poller(side("poller", "aa", 1000), part, true)).isEqualTo(Action.PUSH);
        assertThat(poller(side("poller", "bb", 1000), Optional.empty(), true)).isEqualTo(Action.NOTHING);
    }

    @Test
    void aPollerIsPushedToThoughItsFilesAreNewerIfAllPeersAgree() {
        Optional<ConfigStamp> part = Optional.of(new ConfigStamp("cc", 1000));
        assertThat(poller(side("poller", "bb", 2000), part, true)).isEqualTo(Action.PUSH);
        assertThat(poller(side("poller", "bb", 2000), part, false)).isEqualTo(Action.WAIT);
        assertThat(poller(side("poller", "bb", 1000), part, false)).isEqualTo(Action.WAIT);
        assertThat(poller(side("poller", "bb", 500), part, false)).isEqualTo(Action.PUSH);
    }

    // --- masters -----------------------------------------------------------------------------------------------------

    @Property
    void nothingIsEverPushedToAMaster(@ForAll("sides") Side theirs, @ForAll boolean own) {
        assertThat(master(theirs, commands("p", "mon oconf fetch m", own))).isNotEqualTo(Action.PUSH);
    }

    @Test
    void aMastersFilesAreFetchedWhenTheirTimeDiffersByACommandThatKeepsTimes() {
        HookCommands keeps = commands("", "mon oconf fetch m", true);
        assertThat(master(side("m", "bb", 1001), keeps)).isEqualTo(Action.FETCH);
        assertThat(master(side("m", "bb", 999), keeps)).isEqualTo(Action.FETCH);
        assertThat(master(side("m", "bb", 1000), keeps)).isEqualTo(Action.NOTHING);
        assertThat(master(side("m", "bb", 1001), commands("", "rsync m", true))).isEqualTo(Action.NOTHING);
    }

    // --- commands ----------------------------------------------------------------------------------------------------

    @Test
    void aNodeThatIsNotDialledNeedsAnObjectConfigOfItsOwn() {
        Side them = side("them", "bb", 1);
        for (boolean own : List.of(true, false)) {
            Situation now =
                    new Situation(NodeRole.PEER, false, US, them, Optional.empty(), true, commands("p", "f", own));
            assertThat(HookRule.decide(now).action()).isEqualTo(own ? Action.PUSH : Action.NOTHING);
        }
    }

    @Test
    void withoutACommandNothingIsDoneAndTheReasonIsTold() {
        Side them = side("them", "bb", 1);
        Situation now = new Situation(NodeRole.PEER, true, US, them, Optional.empty(), true, HookCommands.NONE);
        assertThat(HookRule.decide(now)).isEqualTo(new HookRule.Decision(Action.NOTHING, "no command is set for it"));
        assertThat(now.differs()).isTrue();
        assertThat(peer(US, them, commands("", "f", false))).isEqualTo(Action.NOTHING);
    }

    private static HookCommands of(NodeRole role, MerlinConf.ObjectConfig conf) {
        return HookCommands.of(new MerlinConf.Node(
                "yoda",
                role,
                "yoda",
                1,
                true,
                java.time.Duration.ZERO,
                org.merlin.protocol.node.Selection.of(List.of()),
                true,
                true,
                conf));
    }

    @Test
    void globalCommandsGetTheNodesNameAndOwnOnesDoNot() {
        MerlinConf.ObjectConfig global =
                new MerlinConf.ObjectConfig(Optional.of("mon oconf push"), Optional.of("mon 'oconf' fetch"), Map.of());
        assertThat(of(NodeRole.PEER, global).push().orElseThrow().words())
                .containsExactly("mon", "oconf", "push", "yoda");
        assertThat(of(NodeRole.MASTER, global).fetch().orElseThrow())
                .isEqualTo(new HookCommand("mon 'oconf' fetch yoda", List.of("mon", "oconf", "fetch", "yoda")));
        assertThat(of(NodeRole.POLLER, global).fetch()).isEmpty();
        assertThat(of(NodeRole.MASTER, global).push()).isEmpty();
        MerlinConf.ObjectConfig own = new MerlinConf.ObjectConfig(
                Optional.of("push a"), Optional.of("fetch b"), Map.of(), true, false, false);
        assertThat(of(NodeRole.PEER, own).push().orElseThrow().words()).containsExactly("push", "a");
        assertThat(of(NodeRole.PEER, own).fetch().orElseThrow().words()).containsExactly("fetch", "b");
    }

    @Test
    void aShellReadsALineOnlyWhereThatIsAskedFor() {
        MerlinConf.ObjectConfig shell =
                new MerlinConf.ObjectConfig(Optional.of("a && b"), Optional.empty(), Map.of(), false, false, true);
        assertThat(of(NodeRole.PEER, shell).push().orElseThrow().words())
                .containsExactly("/bin/sh", "-c", "a && b yoda");
    }

    @Test
    void aColonIsRunByDoingNothing() {
        for (boolean shell : List.of(true, false)) {
            assertThat(HookCommand.of(":", List.of("yoda"), shell).nothing()).isTrue();
            assertThat(HookCommand.of("true", List.of(), shell).nothing()).isFalse();
        }
    }
}
