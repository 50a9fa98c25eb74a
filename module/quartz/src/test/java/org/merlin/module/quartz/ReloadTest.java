package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.time.NanoClock;

/** Another configuration in the same process. */
@Timeout(60)
class ReloadTest {
    private static final String COMMANDS = """
            define command {
              command_name ok
              command_line echo fine
            }
            define command {
              command_name wait
              command_line echo x >>$ARG1$/begun\\; sleep 2\\; echo over
            }
            define host {
              host_name h
            }
            """;

    @TempDir
    Path directory;

    private final FakeBroker broker = new FakeBroker();
    private final AtomicInteger refusals = new AtomicInteger();
    private EmbeddedScheduler scheduler;

    private Setup setup(String objects) throws IOException, ConfException {
        Files.writeString(directory.resolve("objects.cfg"), COMMANDS + objects);
        Path conf = Files.writeString(directory.resolve("merlin.conf"), """
                node_name = yoda;
                state_dir = %s;
                scheduler { interval_length = 1; run_log = runs; }
                """.formatted(directory));
        return Setup.read(conf, Optional.empty());
    }

    private void start(String objects) throws IOException, ConfException {
        Setup setup = setup(objects);
        BrokerFactory brokers = (conf, port, memory, revisions, wall, clock) -> {
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new UncheckedIOException(new IOException("no space left"));
            }
            return broker.start(conf, port, memory, revisions, wall, clock);
        };
        scheduler = EmbeddedScheduler.start(
                setup.conf(), setup.inventory(), brokers, Clock.systemDefaultZone(), NanoClock.SYSTEM);
    }

    private void reload(String objects) throws Exception {
        Setup setup = setup(objects);
        scheduler.reload(setup.conf(), setup.inventory());
    }

    @AfterEach
    void stop() throws IOException {
        scheduler.close();
    }

    private static String service(String description, String rest) {
        return "define service {\n host_name h\n service_description " + description + "\n " + rest.replace("; ", "\n")
                + "\n}\n";
    }

    private static String passive(String description) {
        return service(description, "active_checks_enabled 0; max_check_attempts 3");
    }

    private void command(String line) throws IOException {
        Files.writeString(directory.resolve("command.pipe"), "[1] " + line + "\n", StandardOpenOption.WRITE);
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("scheduler.log"));
    }

    private List<String> runs() throws IOException {
        return Files.readAllLines(directory.resolve("runs"));
    }

    @Test
    void statesAndNotesOfUntouchedObjectsStay() throws Exception {
        start(passive("s") + passive("old"));
        command("PROCESS_SERVICE_CHECK_RESULT;h;s;2;bad");
        command("ACKNOWLEDGE_SVC_PROBLEM;h;s;1;0;0;ann;mine");
        command("ADD_SVC_COMMENT;h;s;0;ann;passing");
        command("SCHEDULE_SVC_DOWNTIME;h;s;1;9999999999;1;0;0;ann;works");
        await().until(() -> broker.heard.stream()
                .anyMatch(event ->
                        event instanceof Comment comment && comment.text().startsWith("This service")));
        var before = scheduler.state(2);
        int heard = broker.heard.size();
        reload(passive("a") + passive("s"));
        assertThat(broker.farewells).containsExactly("scheduler reloads");
        assertThat(broker.port.objects().entries())
                .extracting(entry -> entry.object().name())
                .containsExactly("h", "h;a", "h;s");
        assertThat(broker.revisions).containsExactly(0, 0, 1);
        assertThat(scheduler.state(2)).isEqualTo(before);
        assertThat(broker.heard).as("what it knew is not told again").hasSize(heard);
        command("REMOVE_SVC_ACKNOWLEDGEMENT;h;s");
        command("DEL_DOWNTIME_BY_HOST_NAME;h");
        command("DEL_ALL_SVC_COMMENTS;h;s");
        await().until(() -> broker.gone.contains("acknowledgement of 2")
                && broker.gone.stream().anyMatch(gone -> gone.startsWith("downtime"))
                && broker.gone.stream().anyMatch(gone -> gone.endsWith("by command") && gone.startsWith("comment")));
        assertThat(log())
                .contains("Caught SIGHUP, restarting...")
                .contains("INITIAL SERVICE STATE: h;a;")
                .containsOnlyOnce("INITIAL SERVICE STATE: h;s;");
    }

    @Test
    void aCheckThatRunsIsNotDisturbedAndFindsItsObjectInItsNewPlace() throws Exception {
        start(service("s", "check_command wait!" + directory + "; check_interval 100"));
        command("SCHEDULE_FORCED_SVC_CHECK;h;s;1");
        await().until(() -> Files.exists(directory.resolve("begun")));
        reload(passive("a") + passive("b") + service("s", "check_command wait!" + directory + "; check_interval 100"));
        await().until(() -> broker.resultsOf("h;s").size() == 1);
        assertThat(broker.resultsOf("h;s").get(0).output().text()).isEqualTo("over");
        assertThat(Files.readAllLines(directory.resolve("begun"))).containsExactly("x");
    }

    @Test
    void dueTimesStayInStepAndNoCheckIsLeftOutOrRunTwice() throws Exception {
        String regular = service("s", "check_command ok; check_interval 0.4");
        start(regular);
        await().until(() -> broker.resultsOf("h;s").size() >= 2);
        for (int i = 0; i < 10; i++) {
            reload(regular + (i % 2 == 0 ? passive("other") : ""));
        }
        int before = broker.resultsOf("h;s").size();
        await().until(() -> broker.resultsOf("h;s").size() >= before + 3);
        List<Long> due = runs().stream()
                .map(line -> line.split("\t"))
                .filter(fields -> fields[3].equals("h;s"))
                .map(fields -> Long.parseLong(fields[1]))
                .toList();
        for (int i = 1; i < due.size(); i++) {
            assertThat(due.get(i) - due.get(i - 1)).as("times %s", due).isEqualTo(400);
        }
    }

    @Test
    void whatIsNewIsCheckedAndWhatIsGoneIsNot() throws Exception {
        start(service("old", "check_command ok; check_interval 0.2")
                + service("slow", "check_command ok; check_interval 500"));
        await().until(() -> !broker.resultsOf("h;old").isEmpty());
        reload(service("new", "check_command ok; check_interval 0.2")
                + service("slow", "check_command ok; check_interval 0.2"));
        int before = broker.resultsOf("h;old").size();
        await().until(() -> broker.resultsOf("h;new").size() > 3
                && broker.resultsOf("h;slow").size() > 3);
        assertThat(broker.resultsOf("h;old")).hasSizeLessThanOrEqualTo(before);
    }

    @Test
    void commandsThatComeMeanwhileAreExecutedAfterwards() throws Exception {
        start(passive("s"));
        for (int i = 0; i < 200; i++) {
            command("PROCESS_SERVICE_CHECK_RESULT;h;s;1;number " + i);
            if (i % 20 == 10) {
                reload(passive("s") + (i % 40 == 10 ? passive("a") : ""));
            }
        }
        await().until(() -> broker.resultsOf("h;s").size() == 200);
        assertThat(broker.resultsOf("h;s"))
                .extracting(CheckResult::output)
                .extracting(CheckResult.Output::text)
                .startsWith("number 0", "number 1")
                .endsWith("number 199");
    }

    @Test
    void itGoesOnWithoutItsModuleUntilThatCanStart() throws Exception {
        String regular = service("s", "check_command ok; check_interval 0.2");
        start(regular);
        refusals.set(1);
        try (Said said = Said.by(EmbeddedScheduler.class.getName())) {
            reload(regular + passive("a"));
            int before = broker.results.size();
            await().until(() -> broker.results.size() > before + 2);
            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .startsWith("MRL-3023 ")
                    .contains("no space left");
            assertThat(broker.port.objects().entries()).hasSize(2);
            await().until(() -> broker.port.objects().entries().size() == 3);
        }
        int before = broker.results.size();
        await().until(() -> broker.results.size() > before + 2);
    }
}
