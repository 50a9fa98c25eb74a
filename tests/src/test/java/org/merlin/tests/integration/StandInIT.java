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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.merlin.daemon.status.NodeView;

/** The real merlin.so with its JVM in stand-ins for every scheduler of the layout table, two real daemons between. */
class StandInIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private static final String SWITCH = "what lies behind is another switch, or 0";
    private static final String ZERO = "it is 0 at the start, as what lies behind it";

    /** Fields whose shift alone shows in no value, and why. What they mean is found by tests with a real scheduler. */
    private static final Map<String, String> UNSEEN = Map.ofEntries(
            Map.entry("host.hostgroups_ptr", "a host may be in no hostgroup, which is 0 as well"),
            Map.entry("service.description", "the display name lies behind it"),
            Map.entry("host.accept_passive_checks", SWITCH),
            Map.entry("host.checks_enabled", SWITCH),
            Map.entry("host.current_notification_number", ZERO),
            Map.entry("host.event_handler_enabled", SWITCH),
            Map.entry("host.flap_detection_enabled", SWITCH),
            Map.entry("host.flapping_comment_id", ZERO),
            Map.entry("host.last_hard_state", ZERO),
            Map.entry("host.last_problem_id", ZERO),
            Map.entry("host.last_time_2", ZERO),
            Map.entry("host.next_check", ZERO),
            Map.entry("host.no_more_notifications", SWITCH),
            Map.entry("host.obsess", SWITCH),
            Map.entry("host.percent_state_change", ZERO),
            Map.entry("host.problem_has_been_acknowledged", SWITCH),
            Map.entry("host.state_history", ZERO),
            Map.entry("host.state_history_index", ZERO),
            Map.entry("service.checks_enabled", SWITCH),
            Map.entry("service.current_notification_number", ZERO),
            Map.entry("service.event_handler_enabled", SWITCH),
            Map.entry("service.flap_detection_enabled", SWITCH),
            Map.entry("service.flapping_comment_id", ZERO),
            Map.entry("service.last_problem_id", ZERO),
            Map.entry("service.last_state", ZERO),
            Map.entry("service.last_time_2", ZERO),
            Map.entry("service.next_check", ZERO),
            Map.entry("service.notifications_enabled", SWITCH),
            Map.entry("service.notified_on", ZERO),
            Map.entry("service.obsess", SWITCH),
            Map.entry("service.percent_state_change", ZERO),
            Map.entry("service.problem_has_been_acknowledged", SWITCH),
            Map.entry("service.state_history", ZERO),
            Map.entry("service.state_history_index", ZERO));

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
        luke.configure(authority, ca, RealCluster.QUICK + yoda.section("peer", ""));
        yoda.configure(authority, ca, RealCluster.QUICK + luke.section("peer", ""));
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

    /** So that no news of the last test's schedulers comes in the next one. */
    @AfterEach
    void awaitTheirEnd() {
        for (RealNode node : List.of(luke, yoda)) {
            await().atMost(WITHIN)
                    .until(() -> Stream.of("luke", "yoda")
                            .noneMatch(name ->
                                    node.sees(name).map(NodeView::active).orElse(true)));
        }
    }

    private static void settle() {
        await().atMost(WITHIN)
                .until(() -> Stream.of(luke, yoda)
                        .allMatch(node -> node.view()
                                .filter(view -> view.verdict() == 0 && !view.handover())
                                .isPresent()));
    }

    private static StandIn start(StandIn.Kind kind, RealNode node) throws IOException {
        StandIn standIn = new StandIn(PROGRAMS.get(kind), node, kind.version());
        standIn.step("load");
        standIn.step("start");
        return standIn;
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
            longOutputIsCutAndNoFault(one, two);

            one.step("tidy");
            assertThat(one.mapped("jffi"))
                    .as("jnr's native library, which is not unpacked to where programs may not be run")
                    .singleElement()
                    .asString()
                    .startsWith(RealNagios.moduleFolder() + "/jni/");
            one.step("again");
            assertThat(one.awaitLine("log: merlin: this module is loaded already"))
                    .contains("second broker_module line");
            one.step("reload");
            one.stepWithin(WITHIN, "precheck h0;s1 207");
            one.step("tidy");
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
        one.step("uncomment");
        two.awaitLine("call delete_comment 2 1");
        two.step("downtime h1 the works");
        one.awaitLine("call schedule_downtime 2 h1 fixed=1 triggered_by=0 duration=3600 anna: the works");
        two.step("undowntime");
        one.awaitLine("call unschedule_downtime 2 1");
        one.step("acknowledge h0;s0 we know");
        two.awaitLine("call process_external_command1 ACKNOWLEDGE_SVC_PROBLEM;h0;s0;2;1;0;anna;we know");
        one.step("command SCHEDULE_FORCED_SVC_CHECK;h0;s1;1");
        two.awaitLine("call process_external_command1 SCHEDULE_FORCED_SVC_CHECK;h0;s1;1");
        one.step("mute h0;s0");
        two.awaitLine("call process_external_command1 DISABLE_SVC_NOTIFICATIONS;h0;s0");
        two.step("mute h1");
        one.awaitLine("call process_external_command1 DISABLE_HOST_NOTIFICATIONS;h1");
        two.step("mute contact");
        one.awaitLine("call process_external_command1 DISABLE_CONTACT_SVC_NOTIFICATIONS;anna");
        two.step("mute program");
        one.awaitLine("call process_external_command1 DISABLE_NOTIFICATIONS");
    }

    private static void longOutputIsCutAndNoFault(StandIn one, StandIn two) {
        one.step("long h0;s0 400000");
        assertThat(two.awaitLine("call process_check_result h0;s0 return_code=1"))
                .hasSizeGreaterThan(1000);
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
            one.step("check h0 2 down");
            one.step("reload");
            one.step("alone");
            one.step("stop");
            assertThat(one.end()).isZero();
            two.step("stop");
        }
    }

    /** As if a release had got a field more or one less: what follows lies 8 bytes further or nearer. */
    @ParameterizedTest
    @EnumSource
    void aLayoutThatGrewOrShrankIsNoticedAtTheStart(StandIn.Kind kind) throws Exception {
        try (StandIn one = start(kind, solo("grown", kind))) {
            for (String field : fields(kind)) {
                if (!field.endsWith(".id")) { // in front of everything
                    assertThat(notices(one, "insert " + field + " 8")).as(field).isTrue();
                    assertThat(notices(one, "insert " + field + " -8"))
                            .as(field)
                            .isTrue();
                }
            }
            fitsAgain(one);
        }
    }

    /**
     * One field alone 8 bytes too far ahead, as a mistake in the table would have it; a field that lands where another is, is
     * LayoutTest's to find.
     */
    @Test
    void aShiftedFieldIsNoticedAtTheStartOrIsOneOfThoseThatCannotBe() throws Exception {
        Set<String> unnoticed = new TreeSet<>();
        for (StandIn.Kind kind : StandIn.Kind.values()) {
            try (StandIn one = start(kind, solo("shifted", kind))) {
                for (String field : fields(kind)) {
                    if (!landsOnAnother(kind, field) && !notices(one, "shift " + field + " 8")) {
                        unnoticed.add(field);
                    }
                }
                fitsAgain(one);
            }
        }
        assertThat(unnoticed).isEqualTo(new TreeSet<>(UNSEEN.keySet()));
    }

    /** States are 0 when the module looks; should a release have them from before, that is no reason to leave it alone. */
    @ParameterizedTest
    @EnumSource
    void statesOfAnEarlierLifeFitAsWell(StandIn.Kind kind) throws Exception {
        try (StandIn one = start(kind, solo("retained", kind))) {
            one.step("retained");
            fitsAgain(one);
        }
    }

    /** The scheduler reloads in the same process, the JVM stays: what was wrong at first is no obstacle later. */
    @Test
    void aConfigurationThatIsMendedCountsFromTheNextReload() throws Exception {
        RealNode node = solo("mended", StandIn.Kind.NAGIOS_4_5);
        String right = Files.readString(node.conf());
        Files.writeString(node.conf(), right + "pulse_intervall = 1;\n");
        try (StandIn one = start(StandIn.Kind.NAGIOS_4_5, node)) {
            assertThat(one.lines()).contains("log: merlin: the configuration is wrong; the scheduler goes on alone");
            one.step("check h0 2 down");
            Files.writeString(node.conf(), right);
            one.step("reload");
            one.awaitLine("log: merlin: MRL-2000 module of solo runs in nagios 4.5.12: 4 hosts, 12 services");
            one.step("tidy");
            one.step("stop");
        }
    }

    private static RealNode solo(String name, StandIn.Kind kind) throws IOException {
        RealNode solo = new RealNode(name + "-" + kind.ordinal(), work);
        Files.writeString(solo.conf(), "node_name = solo;\nstate_dir = state;\n");
        return solo;
    }

    private static List<String> fields(StandIn.Kind kind) throws IOException {
        return kind.offsets().entrySet().stream()
                .filter(entry -> entry.getValue() >= 0 && !entry.getKey().endsWith(".sizeof"))
                .map(Map.Entry::getKey)
                .filter(field -> field.startsWith("host.") || field.startsWith("service."))
                .toList();
    }

    private static boolean landsOnAnother(StandIn.Kind kind, String field) throws IOException {
        Map<String, Integer> offsets = kind.offsets();
        String type = field.substring(0, field.indexOf('.') + 1);
        return offsets.entrySet().stream()
                .anyMatch(entry ->
                        entry.getKey().startsWith(type) && entry.getValue().equals(offsets.get(field) + Long.BYTES));
    }

    private static boolean notices(StandIn one, String change) {
        one.step(change);
        boolean notices = one.step("reload").stream().anyMatch(line -> line.contains("does not fit"));
        one.step("alone");
        return notices;
    }

    private static void fitsAgain(StandIn one) {
        assertThat(notices(one, "shift none 0")).isFalse();
        one.step("stop");
    }
}
