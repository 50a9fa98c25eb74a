package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is wrong with the module in a real Nagios: the scheduler says it in its log, goes on alone, and the daemons of both nodes
 * tell. One cluster; what is wrong is always yoda's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NagiosAloneIT {
    private static final Set<String> CHECKED = Set.of("a", "a;s0", "a;s1", "b", "b;s0", "b;s1");
    private static final String ALONE = "the scheduler goes on alone";

    private Path work;
    private RealCluster cluster;
    private RealNagios yoda;
    private String usualConfig;
    private String usualConf;
    private FaultyAgent agent;
    private long since;
    private int logBefore;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        work = folder;
        cluster = new RealCluster(work, RealScheduler.Kind.NAGIOS);
        cluster.startPeers("luke", "yoda", cluster.basics() + host("a", "", "s0", "s1") + host("b", "", "s0", "s1"));
        yoda = (RealNagios) cluster.at("yoda");
        usualConfig = Files.readString(yoda.config());
        usualConf = Files.readString(cluster.node("yoda").conf());
        agent = new FaultyAgent(work.resolve("agent"));
    }

    @AfterEach
    void asUsual() throws IOException {
        agent.faults("none", "runtime", 0);
        yoda.usualEnvironment();
        Files.writeString(yoda.config(), usualConfig);
        Files.writeString(cluster.node("yoda").conf(), usualConf);
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private void restart() throws Exception {
        yoda.stop();
        mark();
        yoda.start();
    }

    private void mark() throws IOException {
        since = System.currentTimeMillis();
        logBefore = yoda.log().length();
    }

    private String newLog() throws IOException {
        return yoda.log().substring(logBefore);
    }

    private void says(String... words) {
        for (String text : words) {
            until("a line in the scheduler's log: " + text, () -> newLog().contains(text));
        }
    }

    /** That yoda runs every check, and everyone is told. */
    private void isAlone() throws Exception {
        long from = System.currentTimeMillis();
        until("every check at yoda", () -> cluster.ran("yoda", from).equals(CHECKED));
        assertThat(yoda.lives()).isTrue();
        until(
                "yoda's daemon tells",
                () -> cluster.node("yoda")
                        .sees("yoda")
                        .filter(node -> !node.active()
                                && node.warnings().stream()
                                        .anyMatch(line -> line.contains("no scheduler is connected")))
                        .isPresent());
        until(
                "luke's daemon tells",
                () -> cluster.node("luke")
                        .view()
                        .filter(view -> view.verdict() == 2 && view.sentence().contains("yoda"))
                        .isPresent());
        RealNode.Ended mon =
                RealNode.mon(work, "--merlin-cfg=" + cluster.node("yoda").conf(), "node", "status");
        if (!Files.readString(cluster.node("yoda").conf()).equals(usualConf)) {
            return; // mon reads the file that is wrong
        }
        assertThat(mon.status()).as(mon.out()).isEqualTo(2);
        assertThat(mon.out()).contains("our own scheduler is away").contains("no scheduler is connected");
    }

    // --- no JVM
    // ---------------------------------------------------------------------------------------------------------

    /** A path with what the check commands need, and no java. */
    private void withoutJava() throws IOException {
        Path bin = work.resolve("bin");
        if (!Files.exists(bin)) {
            Files.createDirectories(bin);
            for (String program : List.of("cat", "date")) {
                Files.createSymbolicLink(bin.resolve(program), Path.of("/bin", program));
            }
        }
        yoda.environment("PATH", bin.toString());
        yoda.environment("JAVA_HOME", "/nowhere");
        yoda.environment("MERLIN_JAVA_HOME", "/nowhere");
    }

    @Test
    void withoutJavaItIsAlone() throws Exception {
        withoutJava();
        Files.writeString(cluster.node("yoda").conf(), usualConf + "module { java_home = /nowhere; }\n");
        restart();
        says("merlin: no Java found: ", "(last tried: /nowhere/lib/server/libjvm.so); " + ALONE);
        isAlone();
    }

    @Test
    void withALibjvmThatIsNoneItIsAlone() throws Exception {
        withoutJava();
        Path server = Files.createDirectories(work.resolve("broken/lib/server"));
        Files.writeString(server.resolve("libjvm.so"), "not a library");
        yoda.environment("MERLIN_JAVA_HOME", work.resolve("broken").toString());
        restart();
        says("libjvm.so cannot be loaded: ", "; " + ALONE);
        isAlone();
    }

    @Test
    void withAnOptionThatTheJvmDoesNotKnowItIsAlone() throws Exception {
        yoda.environment("MERLIN_MODULE_JAVA_OPTS", "-XX:+NoSuchOption");
        restart();
        says("did not start (-6)", ALONE);
        isAlone();
    }

    @Test
    void withOptionsForWhichTheJvmEndsItsProcessItIsAlone() throws Exception {
        yoda.environment("MERLIN_MODULE_JAVA_OPTS", "-Xmx1k");
        restart();
        says("did not start (-6)", ALONE);
        isAlone();
    }

    // --- no module
    // ------------------------------------------------------------------------------------------------------

    @Test
    void withoutItsJarsItIsAloneOverReloadsToo() throws Exception {
        Path bare = Files.createDirectories(work.resolve("bare"));
        Files.copy(RealNagios.moduleFolder().resolve("merlin.so"), bare.resolve("merlin.so"));
        Files.writeString(
                yoda.config(), usualConfig.replace(RealNagios.moduleFolder().toString(), bare.toString()));
        restart();
        says("merlin: the module's jars are not beside merlin.so", ALONE);
        mark();
        yoda.reload();
        says("merlin: the module's jars are not beside merlin.so", ALONE);
        isAlone();
    }

    @Test
    void withJarsOfAnotherReleaseItIsAlone() throws Exception {
        Path mixed = Files.createDirectories(work.resolve("mixed"));
        Path classes = Files.createDirectories(work.resolve("other"));
        Path source = Files.writeString(
                classes.resolve("Shim.java"),
                "package org.merlin.module.nagios; public class Shim { static void turn() {} }");
        assertThat(javax.tools.ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        FaultyAgent.jar(mixed.resolve("other.jar"), classes, new java.util.jar.Manifest());
        Files.copy(RealNagios.moduleFolder().resolve("merlin.so"), mixed.resolve("merlin.so"));
        Files.writeString(
                yoda.config(), usualConfig.replace(RealNagios.moduleFolder().toString(), mixed.toString()));
        restart();
        says("or not of its release; " + ALONE);
        mark();
        yoda.reload();
        says("or not of its release; " + ALONE);
        isAlone();
    }

    @Test
    void withAMistakeInMerlinConfItIsAlone() throws Exception {
        Files.writeString(cluster.node("yoda").conf(), usualConf + "\npulse_intervall = 1;\n");
        restart();
        says("did you mean 'pulse_interval'?", "merlin: the configuration is wrong; " + ALONE);
        isAlone();
    }

    @Test
    void withAStateDirThatCannotBeWrittenItIsAlone() throws Exception {
        Path file = Files.writeString(work.resolve("a-file"), "");
        Files.writeString(
                cluster.node("yoda").conf(),
                usualConf.replace("state_dir = state;", "state_dir = " + file + "/state;"));
        restart();
        says("merlin: the state_dir " + file + "/state cannot be written: ", ALONE);
        isAlone();
    }

    // --- faults
    // ---------------------------------------------------------------------------------------------------------

    private void withAgent() throws Exception {
        yoda.environment("MERLIN_MODULE_JAVA_OPTS", agent.option());
        restart();
        cluster.awaitSettled();
    }

    private record Fault(String entry, String kind, String text, String place) {}

    @Test
    void aFaultIsSurvivedAndTenInARowLeaveItAloneUntilAReload() throws Exception {
        withAgent();
        for (Fault fault : List.of(
                new Fault("precheck", "runtime", "IllegalStateException: made by a test", "a precheck"),
                new Fault("event", "memory", "OutOfMemoryError: made by a test", "a callback"),
                new Fault("turn", "overflow", "StackOverflowError", "a turn"),
                new Fault("turn", "class", "NoClassDefFoundError: made/by/a/Test", "a turn"))) {
            mark();
            agent.faults(fault.entry, fault.kind, 1);
            says("merlin: MRL-2099 our own fault in " + fault.place + ": java.lang." + fault.text);
            cluster.awaitSettled();
            assertThat(newLog()).doesNotContain("MRL-2098");
            agent.faults(fault.entry, fault.kind, 1000);
            says("merlin: MRL-2098 10 faults in a row, the last in " + fault.place + ": " + ALONE);
            isAlone();
            assertThat(agent.thrown()).isLessThan(40);
            agent.faults("none", fault.kind, 0);
            yoda.reload();
            cluster.awaitSettled();
        }
    }

    @Test
    void afterAFaultAtItsStartItIsAloneAndAReloadGetsItBack() throws Exception {
        yoda.environment("MERLIN_MODULE_JAVA_OPTS", agent.option());
        agent.faults("load", "class", 1);
        restart();
        says(
                "merlin: MRL-2099 our own fault in loading the module: java.lang.NoClassDefFoundError",
                "merlin: the module could not be loaded; " + ALONE);
        isAlone();
        yoda.reload();
        cluster.awaitSettled();
        agent.faults("quiesce", "runtime", 1);
        mark();
        yoda.reload();
        says("merlin: MRL-2099 our own fault in stopping the module: java.lang.IllegalStateException", "MRL-2000");
        cluster.awaitSettled();
    }

    @Test
    void whenItsTurnsOrItsThreadFailItIsAloneAndAReloadGetsItBack() throws Exception {
        withAgent();
        agent.faults("sender", "runtime", 1);
        says("MRL-2099 our own fault in talking with the daemon");
        cluster.awaitSettled();
        agent.faults("module", "runtime", 1000); // while results go well
        says("MRL-2099 our own fault in a turn", "MRL-2098");
        isAlone();
        agent.faults("none", "runtime", 0);
        yoda.reload();
        cluster.awaitSettled();
        mark();
        agent.faults("sender", "memory", 1);
        says("MRL-2099 our own fault in the sender's thread", "MRL-2098");
        isAlone();
        yoda.reload();
        cluster.awaitSettled();
    }

    @Test
    void whenOneOfItsThreadsEndsTheJvmItIsAloneAndAReloadGetsItBack() throws Exception {
        withAgent();
        long pid = yoda.process().pid();
        agent.exit();
        says("merlin: MRL-2098 something in the module called System.exit: " + ALONE);
        isAlone();
        yoda.reload();
        cluster.awaitSettled();
        assertThat(yoda.process().pid()).isEqualTo(pid);
    }

    // --- twice
    // ----------------------------------------------------------------------------------------------------------

    @Test
    void namedTwiceTheFirstWorksAndTheSecondIsRefused() throws Exception {
        String line = usualConfig
                .lines()
                .filter(any -> any.startsWith("broker_module="))
                .findFirst()
                .orElseThrow();
        Files.writeString(yoda.config(), usualConfig + line + "\n");
        restart();
        for (int i = 0; i < 2; i++) {
            says("merlin: this module is loaded already; the second broker_module line is left out");
            cluster.awaitSettled();
            assertThat(newLog().split("MRL-2000", -1)).hasSize(2);
            mark();
            yoda.reload();
        }
    }
}
