package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The real merlin.so with its JVM in stand-ins for every scheduler of the layout table, two real daemons between. */
class StandInIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    @TempDir
    private static Path work;

    private static RealNode luke;
    private static RealNode yoda;
    private static final Map<StandIn.Kind, Path> PROGRAMS = new EnumMap<>(StandIn.Kind.class);

    @BeforeAll
    static void startDaemons() throws Exception {
        assumeTrue(StandIn.missing().isEmpty(), () -> StandIn.missing().orElseThrow());
        for (StandIn.Kind kind : StandIn.Kind.values()) {
            PROGRAMS.put(kind, StandIn.compile(kind, work));
        }
        Path ca = Files.createDirectories(work.resolve("ca"));
        var authority = RealNode.authority(ca);
        luke = new RealNode("luke", work);
        yoda = new RealNode("yoda", work);
        luke.configure(authority, ca, yoda.section("peer", ""));
        yoda.configure(authority, ca, luke.section("peer", ""));
        luke.startDaemon();
        yoda.startDaemon();
    }

    @AfterAll
    static void stopDaemons() {
        if (luke != null) {
            luke.close();
            yoda.close();
        }
    }

    private static StandIn start(StandIn.Kind kind, RealNode node) throws IOException {
        StandIn standIn = new StandIn(PROGRAMS.get(kind), node, kind.version());
        standIn.step("load");
        standIn.step("start");
        return standIn;
    }

    private static void settle() {
        await().atMost(WITHIN)
                .until(() -> List.of(luke, yoda).stream()
                        .allMatch(node -> node.view()
                                .filter(view -> view.verdict() == 0 && !view.handover())
                                .isPresent()));
    }

    /** By the slots, h0 and h0;s0 are luke's, h1 and h0;s1 are yoda's. */
    @ParameterizedTest
    @EnumSource
    void everyCallbackIsAnsweredAsTheSchedulerNeedsIt(StandIn.Kind kind) throws Exception {
        try (StandIn one = start(kind, luke);
                StandIn two = start(kind, yoda)) {
            settle();
            one.stepWithin(WITHIN, "precheck h0;s1 207");
            two.stepWithin(WITHIN, "precheck h0;s0 207");
            one.step("precheck h0;s0 0");
            two.step("precheck h0;s1 0");
            one.step("precheck h1 207");
            one.step("precheck h0 0");
            one.step("notify h0;s1 207");
            one.step("handler h0;s1 206");
            one.step("handler h0;s0 0");
            one.step("thread h0;s1");
            one.step("fork h0;s1");
            one.step("precheck h0;s1 207");

            resultsArrive(one, two);
            tellEachOther(one, two);

            one.step("retention");
            one.step("again");
            assertThat(one.awaitLine("log: merlin: this module is loaded already"))
                    .contains("second broker_module line");
            one.step("reload");
            settle();
            one.stepWithin(WITHIN, "precheck h0;s1 207");
            one.step("precheck h0;s0 0");
            one.step("check h0;s0 0 fine after the reload");
            two.awaitLine("call process_check_result h0;s0 return_code=0 ");
            for (StandIn standIn : List.of(one, two)) {
                standIn.step("stop");
                assertThat(standIn.end()).isZero();
                assertThat(standIn.lines()).noneMatch(line -> line.startsWith("not ok process"));
            }
        }
    }

    private static void resultsArrive(StandIn one, StandIn two) {
        one.step("check h0;s0 2 burning|heat=900");
        assertThat(two.awaitLine("call process_check_result h0;s0 return_code=2"))
                .isEqualTo("call process_check_result h0;s0 return_code=2 exited_ok=1 early_timeout=0 check_type=0"
                        + " engine=Merlin source=Merlin output=burning|heat=900");
        assertThat(two.step("state h0;s0").get(0))
                .contains("current_state=2 state_type=0 attempt=1 last_state=0 last_hard_state=0")
                .endsWith("output=burning long=(null) perf=heat=900");
        two.step("check h1 2 down");
        assertThat(one.awaitLine("call process_check_result h1 "))
                .contains("return_code=2 exited_ok=1 early_timeout=0");
        assertThat(one.step("state h1").get(0)).contains("current_state=1 state_type=0 attempt=1");
    }

    private static void tellEachOther(StandIn one, StandIn two) {
        one.step("comment h0;s0 a spare part is on its way");
        two.awaitLine("call add_new_comment 2 1 h0;s0 persistent=1 source=1 expires=0/0 anna: a spare part");
        two.step("downtime h1 the works");
        one.awaitLine("call schedule_downtime 2 h1 fixed=1 triggered_by=0 duration=3600 anna: the works");
        one.step("command SCHEDULE_FORCED_SVC_CHECK;h0;s1;1");
        two.awaitLine("call process_external_command1 SCHEDULE_FORCED_SVC_CHECK;h0;s1;1");
    }

    /** A scheduler that says it is another than it is: the module says so, and the scheduler runs every check. */
    @ParameterizedTest
    @CsvSource({
        "NAGIOS_4_4, 4.5.12, the layout nagios-4.5 does not fit nagios 4.5.12",
        "NAGIOS_4_5, 4.4.6, the layout nagios-4.4 does not fit nagios 4.4.6",
        "NAGIOS_4_5, 4.6.0, nagios 4.6.0 is not known to this release",
        "NAEMON_1, 2.0.0, naemon 2.0.0 is not known to this release"
    })
    void aSchedulerThatTheTableDoesNotFitIsLeftAlone(StandIn.Kind kind, String claimed, String said) throws Exception {
        try (StandIn two = start(StandIn.Kind.NAGIOS_4_4, yoda);
                StandIn one = new StandIn(PROGRAMS.get(kind), luke, claimed)) {
            one.step("load");
            one.step("start");
            assertThat(one.awaitLine("log: merlin: " + said)).endsWith("the scheduler goes on alone");
            one.step("alone");
            one.step("reload");
            one.step("alone");
            one.step("stop");
            assertThat(one.end()).isZero();
            two.step("stop");
        }
    }
}
