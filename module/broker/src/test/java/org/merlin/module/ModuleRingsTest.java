package org.merlin.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.module.Confs.aConf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.Rings.GroupRing;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.SlotTable;

final class ModuleRingsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int REMOTE = Selection.of(List.of("remote")).id();

    private final MerlinConf conf = aConf("luke", Path.of("/nowhere"))
            .dataTimeout(Duration.ofSeconds(5))
            .peer("leia")
            .poller("yoda", "remote", true)
            .build();

    private static Rings rings(GroupRing... groups) {
        return new Rings(List.of(groups));
    }

    private static GroupRing ring(int selection, String... names) {
        return new GroupRing(selection, List.of(names), true, List.of());
    }

    private ModuleRings start(Rings stored) {
        return new ModuleRings(conf, List.of(), Optional.of(stored), 0);
    }

    private static List<String> own(ModuleRings rings) {
        return rings.rule().own().current().names();
    }

    private static List<String> pollers(ModuleRings rings) {
        return rings.rule().pollers().get(REMOTE).current().names();
    }

    @Test
    void atTheVeryFirstStartAllConfiguredNodesCount() {
        ModuleRings rings = new ModuleRings(conf, List.of(), Optional.empty(), 0);
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
        ModuleRings rings = new ModuleRings(poller, List.of(), Optional.empty(), 0);
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

    @Test
    void whatThisNodeBlocksItNeverRunsByWhateverRing() {
        List<List<String>> hostgroups = List.of(List.of("local"), List.of("dmz"));
        SlotTable slots = SlotTable.of(
                List.of(MonitoredObject.ofHost("alpha"), MonitoredObject.ofHost("beta")), hostgroups, List.of());
        MerlinConf blocking = aConf("luke", Path.of("/nowhere"))
                .dataTimeout(Duration.ofSeconds(5))
                .blocking("dmz")
                .build();
        ModuleRings first = new ModuleRings(blocking, hostgroups, Optional.empty(), 0);
        ModuleRings rings = new ModuleRings(blocking, hostgroups, Optional.of(rings(ring(0, "luke"))), 0);
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
}
