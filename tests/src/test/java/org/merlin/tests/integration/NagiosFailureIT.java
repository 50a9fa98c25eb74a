package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.tests.integration.RealCluster.host;
import static org.merlin.tests.integration.RealCluster.isHard;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two real Nagios and two real daemons, of which some are reloaded, killed or away while passive results stream in through both
 * command pipes. One cluster for all tests, each with hosts of its own. Services {@code p} and {@code q} are those of the
 * streams into luke's and yoda's pipe; {@code r} is passive too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NagiosFailureIT {
    private static final List<String> HOSTS =
            List.of("reload", "before", "daemon", "nagios", "both", "away", "longaway", "last");
    private static final int PER_SECOND = 20;

    /** Passive services whose results are critical from now on. */
    private final Set<String> critical = ConcurrentHashMap.newKeySet();

    private final Map<String, String> lastOutputs = new ConcurrentHashMap<>();
    private RealCluster cluster;

    @BeforeAll
    void start(@TempDir Path work) throws IOException {
        cluster = new RealCluster(work, RealScheduler.Kind.NAGIOS);
        StringBuilder objects = new StringBuilder(cluster.basics());
        for (String name : HOSTS) {
            objects.append(host(name, "", "s0", "s1"));
            for (String service : List.of("p", "q", "r")) {
                objects.append("define service {\n host_name ").append(name);
                objects.append("\n service_description ").append(service);
                objects.append("\n active_checks_enabled 0\n check_command check!none\n check_interval 5\n")
                        .append(" retry_interval 5\n max_check_attempts 2\n check_period always\n")
                        .append(" notification_period always\n notification_interval 0\n contacts anna\n}\n");
            }
        }
        cluster.startPeers("luke", "yoda", objects.toString());
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private RealNagios nagios(String node) {
        return (RealNagios) cluster.at(node);
    }

    private PassiveStream stream(String node) {
        String service = node.equals("luke") ? ";p" : ";q";
        return new PassiveStream(nagios(node).commandPipe(), PER_SECOND, n -> {
            String name = HOSTS.get(n % HOSTS.size()) + service;
            String output = node + " " + n;
            lastOutputs.put(name, output);
            return "PROCESS_SERVICE_CHECK_RESULT;" + name + ";" + (critical.contains(name) ? 2 : 0) + ";" + output;
        });
    }

    private void lastResultsAreOnBoth() {
        lastOutputs.forEach((name, output) -> cluster.onAll(
                "the last result of " + name + ", " + output,
                at -> at.object(name)
                        .filter(of -> of.get("plugin_output").equals(output))
                        .isPresent()));
    }

    private void problem(String name) throws IOException {
        critical.add(name);
        cluster.state(name, 2);
    }

    private void hardOnBoth(String name, int state) {
        cluster.onAll(name + " hard " + state, at -> isHard(at, name, state));
    }

    private void recover(String... names) throws IOException {
        for (String name : names) {
            critical.remove(name);
            cluster.state(name, 0);
        }
        for (String name : names) {
            hardOnBoth(name, 0);
            cluster.mailed("RECOVERY", name);
        }
    }

    /** What both must say alike of an object. */
    private static List<String> said(RealScheduler at, String name) throws IOException {
        Map<String, String> of = at.object(name).orElse(Map.of());
        List<String> said = new ArrayList<>();
        for (String field : List.of(
                "current_state",
                "state_type",
                "current_attempt",
                "plugin_output",
                "has_been_checked",
                "current_notification_number")) {
            said.add(field + "=" + of.get(field));
        }
        at.comments(name).stream()
                .map(comment -> comment.get("author") + ": " + comment.get("comment_data"))
                .sorted()
                .forEach(said::add);
        return said;
    }

    private void bothAgree() {
        for (String name : HOSTS) {
            for (String object : List.of(name, name + ";s0", name + ";s1", name + ";p", name + ";q", name + ";r")) {
                until(
                        object + " is the same on both",
                        () -> said(cluster.at("luke"), object).equals(said(cluster.at("yoda"), object)));
            }
        }
    }

    private void restartDaemon(String node) throws Exception {
        cluster.node(node).startDaemon();
        cluster.awaitSettled();
    }

    // --- reloads
    // --------------------------------------------------------------------------------------------------------

    private static String vmThread(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals("VM Thread")) {
                    return task.getFileName().toString();
                }
            }
        }
        return "";
    }

    @Test
    void tenReloadsUnderAStreamKeepTheJvmAndLoseNothing() throws Exception {
        long pid = nagios("luke").process().pid();
        String vm = vmThread(pid);
        assertThat(vm).isNotEmpty();
        try (PassiveStream one = stream("luke");
                PassiveStream two = stream("yoda")) {
            for (int i = 0; i < 10; i++) {
                int starts = nagios("luke").log().split("MRL-2000", -1).length;
                nagios("luke").reload();
                until("it is back", () -> nagios("luke").log().split("MRL-2000", -1).length > starts);
                if (i == 3) {
                    problem("reload;s0");
                    problem("reload;p");
                } else if (i == 6) {
                    problem("reload;s1");
                    problem("reload;q");
                }
                int written = one.written();
                until("more results", () -> one.written() > written + PER_SECOND / 2);
            }
            cluster.awaitSettled();
            for (String name : List.of("reload;s0", "reload;s1", "reload;p", "reload;q")) {
                hardOnBoth(name, 2);
                cluster.mailed("PROBLEM", name);
            }
            assertThat(two.written()).isGreaterThan(10 * PER_SECOND);
        }
        lastResultsAreOnBoth();
        cluster.twoRounds("reload;s0", "reload;s1");
        for (String name : List.of("reload;s0", "reload;s1", "reload;p", "reload;q")) {
            assertThat(cluster.mails("PROBLEM", name)).hasSize(1);
        }
        bothAgree();
        assertThat(nagios("luke").process().pid()).isEqualTo(pid);
        assertThat(vmThread(pid)).isEqualTo(vm);
        workersHaveNothingOfTheJvm(nagios("luke").process());
        long ignored = status(pid, "SigIgn");
        assertThat(ignored & 1L << 12).as("SIGPIPE is ignored").isNotZero();
        long inherited = status(ProcessHandle.current().pid(), "SigBlk") | 1L << 2; // SIGQUIT, by the JVM of this test
        assertThat(status(pid, "SigBlk") & ~inherited).isZero();
    }

    private static long status(long pid, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> Long.parseUnsignedLong(
                        line.substring(field.length() + 1).strip(), 16))
                .findFirst()
                .orElseThrow();
    }

    /** Descriptors of jars and of the JVM's modules, of the module's files, and sockets that the scheduler has too. */
    private static void workersHaveNothingOfTheJvm(ProcessHandle scheduler) throws IOException {
        Set<String> sockets = new HashSet<>(descriptors(scheduler));
        sockets.removeIf(descriptor -> !descriptor.startsWith("socket:"));
        assertThat(sockets).isNotEmpty();
        int workers = 0;
        for (ProcessHandle child : scheduler.children().toList()) {
            Path process = Path.of("/proc/" + child.pid());
            if (!Files.exists(process)
                    || !Files.readString(process.resolve("cmdline")).contains("--worker")) {
                continue;
            }
            workers++;
            assertThat(descriptors(child))
                    .doesNotContainAnyElementsOf(sockets)
                    .allSatisfy(descriptor ->
                            assertThat(descriptor).doesNotContain(".jar", "/lib/modules", "/state/", "eventfd"));
        }
        assertThat(workers).isPositive();
    }

    private static List<String> descriptors(ProcessHandle process) throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    continue; // closed meanwhile
                }
            }
        }
        return targets;
    }

    // --- kill -9
    // --------------------------------------------------------------------------------------------------------

    /**
     * Problems that were mailed before are mailed by nobody again. Of one that is found while yoda's daemon is away both sides may
     * mail, once each; of one that is found while yoda's Nagios is dead there is one mail, also if it is back before its daemon.
     */
    @Test
    void afterKillsUnderAStreamBothAgreeAndNoProblemWasMailedTwice() throws Exception {
        try (PassiveStream one = stream("luke");
                PassiveStream two = stream("yoda")) {
            List<String> known = List.of("before;s0", "before;s1", "before;p", "before;q");
            for (String name : known) {
                problem(name);
            }
            for (String name : known) {
                hardOnBoth(name, 2);
                cluster.mailed("PROBLEM", name);
            }
            cluster.at("yoda").command("ADD_SVC_COMMENT;before;s0;1;anna;before all");
            cluster.onAll("a comment", at -> at.comments("before;s0").size() == 1);

            cluster.node("yoda").killDaemon();
            foundMeanwhile("daemon");
            cluster.at("yoda").command("ADD_SVC_COMMENT;daemon;s1;1;ben;by yoda");
            restartDaemon("yoda");
            noneIsMailedMoreThan("daemon", 2);

            cluster.at("yoda").kill();
            foundMeanwhile("nagios");
            cluster.mailed("PROBLEM", "nagios;s0");
            cluster.mailed("PROBLEM", "nagios;s1");
            cluster.mailed("PROBLEM", "nagios;p");
            cluster.at("yoda").start();
            cluster.awaitSettled();
            noneIsMailedMoreThan("nagios", 1);

            cluster.at("yoda").kill();
            cluster.node("yoda").killDaemon();
            foundMeanwhile("both");
            cluster.mailed("PROBLEM", "both;s0");
            cluster.mailed("PROBLEM", "both;s1");
            cluster.mailed("PROBLEM", "both;p");
            int alone = waitedInVain();
            cluster.at("yoda").start();
            until("yoda's Nagios has waited for its daemon", () -> waitedInVain() > alone);
            cluster.node("yoda").startDaemon();
            cluster.awaitSettled();
            noneIsMailedMoreThan("both", 1);

            for (String name : known) {
                assertThat(cluster.mails("PROBLEM", name)).as(name).hasSize(1);
            }
            assertThat(one.written()).isPositive();
            assertThat(two.written()).isPositive();
        }
        lastResultsAreOnBoth();
        bothAgree();
        for (RealScheduler at : cluster.all()) {
            assertThat(at.comments("before;s0")).hasSize(1);
            assertThat(at.comments("daemon;s1")).hasSize(1);
            for (String name : List.of("daemon", "nagios", "both")) {
                assertThat(at.comments(name + ";s0")).hasSize(1);
                assertThat(at.object(name + ";r").orElseThrow().get("plugin_output"))
                        .isEqualTo("handed in meanwhile");
            }
        }
    }

    private int waitedInVain() throws IOException {
        return nagios("yoda").log().split("MRL-2020", -1).length;
    }

    /** Something of everything that is found at luke while yoda is not there. */
    private void foundMeanwhile(String host) throws IOException {
        for (String service : List.of(";s0", ";s1", ";p", ";q")) {
            problem(host + service);
        }
        cluster.at("luke").command("PROCESS_SERVICE_CHECK_RESULT;" + host + ";r;1;handed in meanwhile");
        cluster.at("luke").command("ADD_SVC_COMMENT;" + host + ";s0;1;anna;meanwhile");
        for (String service : List.of(";s0", ";s1", ";p")) {
            until(host + service + " hard at luke", () -> isHard(cluster.at("luke"), host + service, 2));
        }
    }

    private void noneIsMailedMoreThan(String host, int times) throws IOException {
        for (String service : List.of(";s0", ";s1", ";p", ";q")) {
            hardOnBoth(host + service, 2);
            cluster.mailed("PROBLEM", host + service);
        }
        cluster.twoRounds(host + ";s0", host + ";s1");
        for (String service : List.of(";s0", ";s1", ";p", ";q")) {
            List<String> mails = cluster.mails("PROBLEM", host + service);
            assertThat(mails).as(host + service).hasSizeBetween(1, times);
            assertThat(new HashSet<>(mails)).as("by each node once").hasSameSizeAs(mails);
        }
    }

    // --- a daemon is away
    // -----------------------------------------------------------------------------------------------

    @Test
    void whileADaemonIsAwayBothRunAllAndAllOfItIsOnTheOtherInTheEnd() throws Exception {
        away("away", 20);
    }

    @Test
    @Tag("long")
    void theSameWithTenTimesAsManyResults() throws Exception {
        away("longaway", 200);
    }

    /** Until the two see each other again each may mail a problem once: better than no mail at all. */
    private void away(String host, int results) throws Exception {
        int alerts = alerts("luke", host).size();
        cluster.node("yoda").killDaemon();
        long from = System.currentTimeMillis();
        until("everything at yoda", () -> cluster.ran("yoda", from).size() == HOSTS.size() * 3);
        until("everything at luke", () -> cluster.ran("luke", from).size() == HOSTS.size() * 3);
        problem(host + ";s0");
        problem(host + ";s1");
        List<String> told = new ArrayList<>();
        for (int i = 0; i < results; i++) {
            String output = "result " + i;
            told.add(output);
            cluster.at("yoda")
                    .command("PROCESS_SERVICE_CHECK_RESULT;" + host + ";r;" + (i % 2 == 0 ? 2 : 0) + ";" + output);
            until("yoda has it", () -> alerts("yoda", host).contains(output));
        }
        cluster.mailed("PROBLEM", host + ";s0");
        cluster.mailed("PROBLEM", host + ";s1");
        restartDaemon("yoda");
        until("all of it at luke", () -> alerts("luke", host).size() >= alerts + told.size());
        bothAgree();
        cluster.twoRounds(host + ";s0", host + ";s1");
        assertThat(alerts("luke", host).subList(alerts, alerts("luke", host).size()))
                .isEqualTo(told);
        for (String service : List.of(";s0", ";s1")) {
            List<String> mails = cluster.mails("PROBLEM", host + service);
            assertThat(mails).hasSizeBetween(1, 2);
            assertThat(new HashSet<>(mails)).as("by each node once").hasSameSizeAs(mails);
        }
        recover(host + ";s0", host + ";s1");
        cluster.twoRounds(host + ";s0", host + ";s1");
        assertThat(cluster.mails("RECOVERY", host + ";s0")).hasSize(1);
        assertThat(cluster.mails("RECOVERY", host + ";s1")).hasSize(1);
    }

    /** Outputs of the changes of service r, in the order of the scheduler's log. */
    private List<String> alerts(String node, String host) throws IOException {
        return cluster.at(node)
                .log()
                .lines()
                .filter(line -> line.contains("SERVICE ALERT: " + host + ";r;"))
                .map(line -> line.substring(line.lastIndexOf(';') + 1))
                .toList();
    }
}
