package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.module.Memory;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.time.NanoClock;

@Timeout(60)
class EmbeddedSchedulerTest {
    private static final String COMMANDS = """
            define command {
              command_name ok
              command_line echo fine on $$MERLIN_NODE
            }
            define command {
              command_name from
              command_line cat $ARG1$ 2>/dev/null \\; exit $$(cat $ARG1$ || echo 0)
            }
            define command {
              command_name long
              command_line sleep 300
            }
            """;

    @TempDir
    Path directory;

    private final FakeBroker broker = new FakeBroker();
    private EmbeddedScheduler scheduler;

    private void start(String objects) throws IOException, ConfException {
        Path file = Files.writeString(directory.resolve("objects.cfg"), COMMANDS + objects);
        Path conf = Files.writeString(directory.resolve("merlin.conf"), """
                node_name = yoda;
                state_dir = %s;
                scheduler {
                  objects = %s;
                  run_log = %s/runs;
                  interval_length = 1;
                }
                """.formatted(directory, file, directory));
        scheduler = EmbeddedScheduler.start(
                MerlinConf.load(conf), Inventory.read(file), broker, Clock.systemDefaultZone(), NanoClock.SYSTEM);
    }

    private static String host(String name, String rest) {
        return "define host {\n host_name " + name + "\n" + rest.replace("/", "\n") + "\n}\n";
    }

    private static String service(String description, String rest) {
        return "define service {\n host_name h\n service_description " + description + "\n" + rest.replace("/", "\n")
                + "\n}\n";
    }

    private void restart(String objects) throws IOException, ConfException {
        scheduler.close();
        start(objects);
    }

    private void command(String line) throws IOException {
        Files.writeString(directory.resolve("command.pipe"), line + "\n", StandardOpenOption.WRITE);
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("scheduler.log"));
    }

    private int index(String name) {
        return IntStream.range(0, broker.port.objects().entries().size())
                .filter(i ->
                        broker.port.objects().entries().get(i).object().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() throws IOException {
        if (scheduler != null) {
            scheduler.close();
            assertThat(broker.closed).isTrue();
        }
    }

    @Test
    void checksHostsAndServicesAtTheirIntervals() throws Exception {
        start(host("h", "check_command ok/check_interval 0.4") + service("s", "check_command ok/check_interval 0.2"));
        await().until(() ->
                broker.resultsOf("h").size() >= 3 && broker.resultsOf("h;s").size() >= 6);
        List<CheckResult> results = broker.resultsOf("h;s");
        assertThat(results).allSatisfy(result -> {
            assertThat(result.state()).isZero();
            assertThat(result.checkType()).isEqualTo(CheckType.ACTIVE);
            assertThat(result.output().text()).isEqualTo("fine on yoda");
            assertThat(result.timing().nextCheckMicros())
                    .isGreaterThan(result.timing().startMicros());
        });
        List<String> runs = Files.readAllLines(directory.resolve("runs"));
        List<Long> due = runs.stream()
                .map(line -> line.split("\t"))
                .filter(fields -> fields[3].equals("h;s"))
                .map(fields -> Long.parseLong(fields[1]))
                .toList();
        assertThat(due.stream().map(millis -> millis % 200).collect(Collectors.toSet()))
                .as("due times stay in step")
                .hasSize(1);
    }

    @Test
    void leavesChecksToOthersAndRunsThemWhenTheyAreGone() throws Exception {
        broker.leftToOthers.add("h;s");
        start(host("h", "") + service("s", "check_command ok/check_interval 0.3"));
        await().until(() -> broker.asked.get() >= 3);
        assertThat(broker.results).isEmpty();
        broker.leftToOthers.clear();
        await().until(() -> !broker.results.isEmpty());
    }

    @Test
    void triesAgainSoonerUntilAProblemIsConfirmed() throws Exception {
        Path status = Files.writeString(directory.resolve("status"), "2\n");
        start(host("h", "")
                + service(
                                "s",
                                "check_command from!" + status.toString().replace("/", "\u0001")
                                        + "/check_interval 50/retry_interval 0.2/max_check_attempts 3")
                        .replace('\u0001', '/'));
        command("[1] SCHEDULE_FORCED_SVC_CHECK;h;s;");
        await().until(() -> broker.resultsOf("h;s").size() >= 3);
        assertThat(broker.resultsOf("h;s"))
                .extracting(CheckResult::stateType)
                .startsWith(StateType.SOFT, StateType.SOFT, StateType.HARD);
        Files.writeString(status, "0\n");
        command("[1] SCHEDULE_FORCED_SVC_CHECK;h;s;");
        await().until(() -> broker.resultsOf("h;s").stream().anyMatch(result -> result.state() == 0));
        await().untilAsserted(() -> assertThat(log())
                .contains("SERVICE ALERT: h;s;CRITICAL;SOFT;1;2")
                .contains("SERVICE ALERT: h;s;CRITICAL;SOFT;2;2")
                .contains("SERVICE ALERT: h;s;CRITICAL;HARD;3;2")
                .contains("SERVICE ALERT: h;s;OK;HARD;3;0")
                .contains("EXTERNAL COMMAND: SCHEDULE_FORCED_SVC_CHECK;h;s;"));
        assertThat(broker.commands)
                .extracting(ExternalCommand::name)
                .containsExactly("SCHEDULE_FORCED_SVC_CHECK", "SCHEDULE_FORCED_SVC_CHECK");
    }

    @Test
    void takesAStormOfPassiveResults() throws Exception {
        start(host("h", "") + service("s", "check_command ok/active_checks_enabled 0"));
        String storm = IntStream.range(0, 10_000)
                .mapToObj(i -> "[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;s;" + (i % 2) + ";number " + i)
                .collect(Collectors.joining("\n"));
        command(storm);
        await().until(() -> broker.results.size() == 10_000);
        assertThat(broker.results.get(9_999).output().text()).isEqualTo("number 9999");
        assertThat(scheduler.state(1).revision()).isEqualTo(10_000);
    }

    @Test
    void takesOverWhatOthersFound() throws Exception {
        broker.leftToOthers.add("h;s");
        start(host("h", "") + service("s", "check_command ok/check_interval 100"));
        CheckResult theirs = result(2, StateType.HARD, 3, System.currentTimeMillis() + 300);
        broker.inTurn(port -> port.apply(index("h;s"), theirs, 42, false));
        await().until(() -> scheduler.state(index("h;s")).revision() == 42);
        assertThat(scheduler.state(index("h;s")).toResult(theirs.object(), 3)).isEqualTo(theirs);
        assertThat(broker.results).as("what others found is never sent again").isEmpty();
        int askedBefore = broker.asked.get();
        await("the runner's next check is ours").until(() -> broker.asked.get() > askedBefore);
        await().untilAsserted(() -> assertThat(log()).contains("] SERVICE ALERT: h;s;CRITICAL;HARD;3;theirs"));
    }

    @Test
    void notesWhatIsOlderThanItsState() throws Exception {
        start(host("h", "") + service("s", "check_command ok/active_checks_enabled 0"));
        broker.inTurn(port -> port.history(index("h;s"), result(1, StateType.SOFT, 1, 0)));
        await().untilAsserted(
                        () -> assertThat(log()).contains("[1700000001] SERVICE ALERT: h;s;WARNING;SOFT;1;theirs"));
        assertThat(scheduler.state(1).checked()).isFalse();
    }

    private static CheckResult result(int state, StateType type, int attempt, long nextMillis) {
        return new CheckResult(
                MonitoredObject.ofService("h", "s"),
                state,
                type,
                attempt,
                3,
                CheckType.ACTIVE,
                CheckResult.Output.of("theirs"),
                new CheckResult.Timing(1_700_000_000_000_000L, 1_700_000_001_000_000L, 1, 1_000_000, nextMillis * 1000),
                new CheckResult.History(
                        0, state, 5, 6, new CheckResult.LastTimes(1, 2, 3, 4), 70, 60, 50, 40, false, 0),
                CheckResult.NotificationCount.NONE);
    }

    @Test
    void runsSoonEvenWhatIsRunningNow() throws Exception {
        Path status = directory.resolve("begun");
        start(("define command {\n command_name slow\n command_line echo x >>" + status + " && sleep 0.5\n}\n")
                + host("h", "")
                + service("s", "check_command slow/check_interval 100"));
        int service = index("h;s");
        broker.inTurn(port -> port.runSoon(service));
        await().until(() -> Files.exists(status));
        broker.inTurn(port -> port.runSoon(service));
        await().until(() -> broker.resultsOf("h;s").size() == 2);
    }

    @Test
    void executesCommandsOfOthersWithoutTellingThemAgain() throws Exception {
        start(host("h", "") + service("s", "check_command ok/check_interval 0"));
        broker.inTurn(port -> port.execute(new ExternalCommand("SCHEDULE_FORCED_SVC_CHECK", "h;s;1", 1)));
        await().until(() -> broker.resultsOf("h;s").size() == 1);
        assertThat(broker.commands).isEmpty();
    }

    @Test
    void stopsAndStartsChecksWhenToldSo() throws Exception {
        start(host("h", "") + service("s", "check_command ok/check_interval 0.2"));
        await().until(() -> !broker.results.isEmpty());
        command("[1] STOP_EXECUTING_SVC_CHECKS;");
        await().until(() -> {
            int before = broker.asked.get();
            return !moreIsAsked(before);
        });
        command("[1] DISABLE_SVC_CHECK;h;s");
        command("[1] START_EXECUTING_SVC_CHECKS;");
        restart(host("h", "") + service("s", "check_command ok/check_interval 0.2"));
        assertThat(moreIsAsked(broker.asked.get()))
                .as("the switch survives a restart")
                .isFalse();
        command("[1] ENABLE_SVC_CHECK;h;s");
        await().until(() -> moreIsAsked(broker.asked.get()));
    }

    private boolean moreIsAsked(int before) {
        try {
            await().atMost(Duration.ofMillis(700)).until(() -> broker.asked.get() > before);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    @Test
    void remembersEverythingOverARestart() throws Exception {
        String objects = host("h", "") + service("s", "check_command ok/active_checks_enabled 0/max_check_attempts 3");
        start(objects);
        command("[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;s;2;bad|a=1\\nlong");
        await().until(() -> broker.results.size() == 1);
        broker.memory = new Memory(List.of(new Memory.Applied(1, 2, 3, 4)), 5, 6, 7, 8, 9);
        var before = scheduler.state(1);
        restart(objects + host("new", ""));
        assertThat(broker.memory).isEqualTo(new Memory(List.of(new Memory.Applied(1, 2, 3, 4)), 5, 6, 7, 8, 9));
        assertThat(broker.revisions).containsExactly(0, 0, 1);
        assertThat(scheduler.state(2)).isEqualTo(before);
        await().untilAsserted(() -> assertThat(log())
                .contains("INITIAL SERVICE STATE: h;s;CRITICAL;SOFT;1;bad")
                .contains("INITIAL HOST STATE: new;UP;HARD;1;"));
    }

    @Test
    void takesWhatWasWrittenBeforeItStops() throws Exception {
        String objects = host("h", "") + service("s", "check_command ok/active_checks_enabled 0");
        start(objects);
        for (int i = 1; i <= 500; i++) {
            command("[1700000000] PROCESS_SERVICE_CHECK_RESULT;h;s;1;number " + i);
        }
        scheduler.close();
        assertThat(broker.resultsOf("h;s")).hasSize(500);
        restart(objects);
        assertThat(scheduler.state(1).output().text()).isEqualTo("number 500");
    }

    @Test
    void abandonsRunningChecksWhenItStops() throws Exception {
        start(host("h", "") + service("s", "check_command long/check_interval 0.1"));
        await().until(() -> Files.size(directory.resolve("runs")) > 0);
        long begun = System.nanoTime();
        scheduler.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        assertThat(broker.results).isEmpty();
    }

    @Test
    void isNoLongerAliveAfterAnErrorOfItsOwnThread() throws Exception {
        start(host("h", ""));
        try (Said said = Said.by(CoreLoop.class.getName())) {
            broker.inTurn(port -> {
                throw new StackOverflowError("an error on purpose");
            });
            await().until(() -> !scheduler.isAlive());
            assertThat(said.lines()).containsExactly("MRL-3099 the core cannot go on and ends");
        }
    }

    @Test
    void goesOnAfterAFaultOfTheModule() throws Exception {
        start(host("h", "") + service("s", "check_command ok/check_interval 0.2"));
        try (Said said = Said.by(CoreLoop.class.getName())) {
            broker.inTurn(port -> {
                throw new IllegalStateException("a fault on purpose");
            });
            int before = broker.results.size();
            await().until(() -> broker.results.size() > before + 2);
            assertThat(said.lines()).singleElement().asString().startsWith("MRL-3099 ");
        }
    }
}
