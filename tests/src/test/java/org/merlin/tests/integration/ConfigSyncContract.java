package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.merlin.tests.integration.RealCluster.hostgroup;
import static org.merlin.tests.integration.RealCluster.until;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two masters, two pollers of one group and one alone, whose object configuration travels over their own links: real daemons and
 * schedulers of one kind.
 */
abstract class ConfigSyncContract {
    private static final List<String> MASTERS = List.of("m1", "m2");
    private static final List<String> POLLERS = List.of("p1", "p2", "p3");
    private static final Duration WITHIN = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    RealCluster cluster;
    private final Map<String, String> inDaemon = new HashMap<>();

    abstract RealScheduler.Kind kind();

    /** Lets a node's scheduler read its objects from a folder alone; more goes into its merlin.conf. */
    abstract void readFolder(String node, Path objects) throws IOException;

    @BeforeEach
    void create() throws IOException {
        cluster = new RealCluster(folder, kind());
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
        endStarted();
    }

    Path conf(String node) throws IOException {
        return cluster.node(node).folder().resolve("conf.d");
    }

    String objects(String... more) throws IOException {
        StringBuilder text = new StringBuilder(cluster.basics());
        text.append(hostgroup("emea", "emea")).append(hostgroup("asia", "asia")).append(hostgroup("own", "own"));
        text.append(host("e1", "emea")).append(host("a1", "asia")).append(host("o1", "own"));
        for (String part : more) {
            text.append(part);
        }
        return text.toString();
    }

    static String host(String name, String group) {
        return RealCluster.host(name, " hostgroups " + group + "\n", "s");
    }

    void begin() throws IOException {
        begin(Map.of());
    }

    /** With more in the merlin.conf of some nodes. */
    void begin(Map<String, String> more) throws IOException {
        for (String name : MASTERS) {
            cluster.node(name);
        }
        for (String name : POLLERS) {
            cluster.node(name);
        }
        for (String name : MASTERS) {
            String other = name.equals("m1") ? "m2" : "m1";
            cluster.configurePlain(
                    name,
                    section(name)
                            + more.getOrDefault(name, "")
                            + cluster.node(other).section("peer", "")
                            + cluster.node("p1").section("poller", "hostgroup = emea;")
                            + cluster.node("p2").section("poller", "hostgroup = emea;")
                            + cluster.node("p3").section("poller", "hostgroup = asia;"),
                    "");
            addToDaemon(name);
            Files.createDirectories(conf(name));
            Files.writeString(conf(name).resolve("objects.cfg"), objects());
            readFolder(name, conf(name));
        }
        for (String name : POLLERS) {
            String peer = name.equals("p3")
                    ? ""
                    : cluster.node(name.equals("p1") ? "p2" : "p1").section("peer", "");
            cluster.configurePlain(
                    name,
                    section(name)
                            + cluster.node("m1").section("master", "")
                            + cluster.node("m2").section("master", "")
                            + peer,
                    "");
            addToDaemon(name);
            readFolder(name, conf(name));
        }
        for (String name : MASTERS) {
            cluster.node(name).startDaemon();
            cluster.at(name).start();
        }
        for (String name : POLLERS) {
            cluster.node(name).startDaemon();
        }
        for (String name : POLLERS) {
            until("the part of " + name, () -> Files.exists(conf(name).resolve("from-master.cfg")));
            cluster.at(name).start();
        }
        cluster.awaitSettled();
    }

    private void addToDaemon(String name) throws IOException {
        Path file = cluster.node(name).conf();
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "daemon \\{",
                                "daemon { " + inDaemon.getOrDefault(name, "").replace("$", "\\$")));
    }

    private static String section(String name) {
        return "oconf_dir = conf.d;\noconf_timeout = 20s;\nscheduler { objects = conf.d; retention_interval = 1; }\n"
                + "# " + name + "\n";
    }

    RealNode.Ended mon(String node, String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--merlin-cfg=" + cluster.node(node).conf()));
        all.addAll(List.of(words));
        return RealNode.mon(folder, all.toArray(String[]::new));
    }

    private String part(String poller) throws IOException {
        return Files.readString(conf(poller).resolve("from-master.cfg"));
    }

    private long generations(String node) throws IOException {
        return cluster.node(node).logLines().stream()
                .filter(line -> line.contains("MRL-1090 "))
                .filter(line -> !line.contains("the same files"))
                .count();
    }

    /** The longest time between two checks of an object since a time. */
    private Duration longestGap(String object, long sinceMillis) throws IOException {
        List<Long> times = cluster.runs().stream()
                .filter(run -> run.object().equals(object) && run.millis() >= sinceMillis)
                .map(RealCluster.Run::millis)
                .sorted()
                .toList();
        long longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return Duration.ofMillis(longest);
    }

    @Test
    void aChangeIsRunByBothMastersAndExactlyThePollersConcernedWithinTenSeconds() throws Exception {
        begin();
        cluster.state("a1;s", 2);
        cluster.mailed("PROBLEM", "a1;s");
        long generationsOfP3 = generations("p3");
        long since = System.currentTimeMillis();

        Files.writeString(conf("m1").resolve("new.cfg"), host("e2", "emea"));
        RealNode.Ended plan = mon("m1", "oconf", "plan");
        assertThat(plan.status()).as("%s%s", plan.out(), plan.err()).isZero();
        assertThat(plan.out())
                .contains(
                        "added  new.cfg",
                        "m2: would run it",
                        "p1: would get another part than it runs",
                        "p3: would get the same part as it runs");
        assertThat(objectsOf("m2")).doesNotContain("e2");
        RealNode.Ended push = mon("m1", "oconf", "push", "--note", "a host more");
        assertThat(push.status()).as("%s%s", push.out(), push.err()).isZero();
        assertThat(push.out()).contains("m2 would run it", "m2 runs it", "p1 runs it", "p2 runs it", "p3 runs it");
        await().atMost(WITHIN)
                .until(() -> cluster.runner("e2;s")
                        .filter(run -> run.startsWith("p"))
                        .isPresent());
        for (String name : List.of("m2", "p1", "p2")) {
            assertThat(objectsOf(name)).as(name).contains("e2");
        }
        assertThat(part("p3")).doesNotContain("e2");
        assertThat(generations("p3")).as("generations that p3 has read").isEqualTo(generationsOfP3);
        cluster.twoRounds("a1;s", "e1;s", "o1;s", "e2;s");
        for (String object : List.of("a1;s", "e1;s", "o1;s")) {
            assertThat(longestGap(object, since)).as(object).isLessThan(WITHIN);
        }
        assertThat(cluster.mails("PROBLEM", "a1;s")).hasSize(1);
        assertThat(mon("m1", "oconf", "status").out())
                .contains("peer m2: in sync", "poller p1: in sync", "poller p2: in sync", "poller p3: in sync");
        RealNode.Ended history = mon("p1", "oconf", "history");
        assertThat(history.out()).contains("a host more");
    }

    String objectsOf(String node) throws IOException {
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(conf(node))) {
            for (Path file : files.sorted().toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    @Test
    void aChangeThatTheCheckRefusesStaysWhereItIsAndIsNotTriedAgain() throws Exception {
        begin();
        String before = objectsOf("m2");
        Files.writeString(conf("m1").resolve("new.cfg"), "define host {\n host_name broken\n check_command nobody\n");
        RealNode.Ended push = mon("m1", "oconf", "push");
        assertThat(push.status()).isEqualTo(1);
        assertThat(push.out()).contains("m1 refuses it:", "new.cfg", "nothing was changed");
        assertThat(objectsOf("m2")).isEqualTo(before);
        RealNode.Ended again = mon("m1", "oconf", "push");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).contains("refused before");
        assertThat(mon("m1", "oconf", "status").status()).isEqualTo(2);
        cluster.twoRounds("e1;s", "a1;s", "o1;s");
    }

    @Test
    void whatASchedulerReadByItselfGoesToTheOthers() throws Exception {
        begin();
        Files.writeString(conf("m2").resolve("new.cfg"), host("o2", "own"));
        cluster.at("m2").reload();
        until("the change at m1", () -> objectsOf("m1").contains("o2"));
        until("its check", () -> cluster.runner("o2;s").isPresent());
    }

    @Test
    void aSitesPluginsGoWithTheObjectsToWhoHasAPlaceForThem() throws Exception {
        for (String name : List.of("m1", "m2", "p1")) {
            cluster.node(name);
            inDaemon.put(name, "sync { plugins = " + plugins(name) + "; }");
        }
        begin();
        Path plugin = Files.createDirectories(plugins("m1")).resolve("check_site");
        Files.writeString(plugin, "#!/bin/sh\necho fine\n");
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
        RealNode.Ended push = mon("m1", "oconf", "push");
        assertThat(push.status()).as("%s%s", push.out(), push.err()).isZero();
        for (String name : List.of("m2", "p1")) {
            assertThat(plugins(name).resolve("check_site")).isExecutable().hasSameTextualContentAs(plugin);
        }
        assertThat(cluster.node("p3").logLines()).anyMatch(line -> line.contains("what comes as plugins"));
        assertThat(mon("m1", "oconf", "status").status()).isZero();
    }

    private Path plugins(String node) throws IOException {
        return cluster.node(node).folder().resolve("plugins");
    }

    @Test
    void aPollerThatIsAddedWhileAllRunsNeedsNothingButItsCertificateAndItsMastersAddresses() throws Exception {
        begin();
        cluster.configurePlain(
                "p4",
                section("p4")
                        + cluster.node("m1").section("master", "")
                        + cluster.node("m2").section("master", ""),
                "");
        readFolder("p4", conf("p4"));
        for (String master : List.of("m1", "m2")) {
            RealNode.Ended added = mon(
                    master,
                    "node",
                    "add",
                    "p4",
                    "hostgroups=own",
                    "address=127.0.0.1",
                    "port=" + cluster.node("p4").port());
            assertThat(added.status()).as("%s%s", added.out(), added.err()).isZero();
        }
        cluster.node("p4").startDaemon();
        until("the part of p4", () -> Files.exists(conf("p4").resolve("from-master.cfg")));
        cluster.at("p4").start();
        until("a check of p4", () -> cluster.runner("o1;s").filter("p4"::equals).isPresent());
        cluster.awaitSettled();
        assertThat(mon("m1", "node", "status").out()).contains("p4");
        assertThat(mon("m1", "oconf", "status").out()).contains("poller p4: in sync");
        for (String other : List.of("m1", "m2", "p1", "p2", "p3")) {
            assertThat(cluster.node(other).logLines().stream()
                            .filter(line -> line.contains("MRL-1000 "))
                            .count())
                    .as("starts of %s", other)
                    .isEqualTo(1);
        }
    }

    @Test
    void aRollbackReachesAPollerThatWasAwayWithTheNewerOne() throws Exception {
        begin();
        Files.writeString(conf("m1").resolve("new.cfg"), host("e2", "emea"));
        assertThat(mon("m1", "oconf", "push").status()).isZero();
        cluster.node("p1").killDaemon();
        String before = mon("m2", "oconf", "history")
                .out()
                .lines()
                .filter(line -> line.startsWith("ran "))
                .map(line -> line.split("\\s+")[1])
                .findFirst()
                .orElseThrow();
        RealNode.Ended rollback = mon("m2", "oconf", "rollback", before);
        assertThat(rollback.status()).as("%s%s", rollback.out(), rollback.err()).isZero();
        assertThat(objectsOf("m1")).doesNotContain("e2");
        assertThat(part("p1")).contains("e2");
        cluster.node("p1").startDaemon();
        until("the older part at p1", () -> !part("p1").contains("e2"));
    }

    /** A reload that ends the scheduler's process if a file says so. */
    private String fatalReload(String node) throws IOException {
        Path script = folder.resolve("fatal-reload");
        Files.writeString(script, """
                #!/bin/sh
                cd %1$s || exit 9
                if grep -rq fatal conf.d; then
                    kill -9 "$(cat scheduler.pid)"
                else
                    kill -HUP "$(cat scheduler.pid)"
                fi
                """.formatted(cluster.node(node).folder()));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return "oconf_reload = " + script + ";\n";
    }

    private void notePid(String node) throws IOException {
        Files.writeString(cluster.node(node).folder().resolve("scheduler.pid"), Long.toString(schedulerPid(node)));
    }

    abstract long schedulerPid(String node) throws IOException;

    /** Ends schedulers that a daemon has started by itself. */
    private void endStarted() {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .filter(words -> List.of(words).stream().anyMatch(word -> word.startsWith(folder.toString())))
                        .isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aChangeThatEndsAPeersSchedulerNobodyKeepsAndEverybodyGoesOn() throws Exception {
        cluster.node("m1");
        cluster.node("m2");
        begin(Map.of("m2", fatalReload("m2")));
        notePid("m2");
        String before = objectsOf("m2");
        Files.writeString(conf("m1").resolve("new.cfg"), "# fatal\n" + host("o2", "own"));
        RealNode.Ended push = mon("m1", "oconf", "push");
        assertThat(push.status()).as("%s%s", push.out(), push.err()).isEqualTo(1);
        assertThat(push.out()).contains("m2 would run it", "m2 refuses it:", "the scheduler");
        until("what was before at m1", () -> objectsOf("m1").equals(before));
        assertThat(objectsOf("m2")).isEqualTo(before);
        cluster.awaitSettled();
        cluster.twoRounds("e1;s", "a1;s", "o1;s");
        String known = mon("m1", "oconf", "history").out();
        assertThat(known).contains("which a node could not run");
        assertThat(mon("m1", "oconf", "status").out()).contains("peer m2: in sync");
    }

    /** Daemons and schedulers are killed at any moment of pushes; {@code -Dmerlin.kills.seconds} says for how long. */
    @Test
    void whoeverIsKilledWheneverAllEndOnTheSameWholeGeneration() throws Exception {
        begin();
        SplittableRandom random = new SplittableRandom(1);
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("merlin.kills.seconds", 20)).toNanos();
        List<String> all = new ArrayList<>(MASTERS);
        all.addAll(POLLERS);
        for (int round = 1; System.nanoTime() < end; round++) {
            String pusher = MASTERS.get(random.nextInt(2));
            Files.writeString(
                    conf(pusher).resolve("new.cfg"),
                    host("o" + (100 + round), "own") + host("e" + (100 + round), "emea"));
            Process push = pushing(pusher);
            push.waitFor(random.nextInt(2_500), TimeUnit.MILLISECONDS); // at any moment of it, or after it
            String victim = all.get(random.nextInt(all.size()));
            if (random.nextInt(3) == 0) {
                cluster.at(victim).kill();
                push.waitFor(random.nextInt(1_000), TimeUnit.MILLISECONDS);
                cluster.at(victim).start();
            } else {
                cluster.node(victim).killDaemon();
                push.waitFor(random.nextInt(1_000), TimeUnit.MILLISECONDS);
                cluster.node(victim).startDaemon();
            }
            push.waitFor();
        }
        for (String name : MASTERS) {
            until(
                    "an end of what " + name + " is about",
                    () -> mon(name, "oconf", "fetch", "--force").status() == 0
                            && !mon(name, "oconf", "status", "-o", "json").out().contains("\"edited\" : true"));
        }
        for (String name : MASTERS) {
            await("all in sync with " + name)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> mon(name, "oconf", "status"), status -> status.status() == 0);
        }
        assertThat(objectsOf("m1")).isEqualTo(objectsOf("m2"));
        assertThat(part("p1")).isEqualTo(part("p2"));
        String last = objectsOf("m1")
                .lines()
                .filter(line -> line.contains("host_name e1"))
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(part("p1")).contains(last.strip().split("\\s+")[1]);
        cluster.twoRounds("e1;s", "a1;s", "o1;s");
    }

    private Process pushing(String node) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                RealNode.HOME.resolve("bin/mon").toString(),
                "--merlin-cfg=" + cluster.node(node).conf(),
                "oconf",
                "push");
        builder.environment().put("MERLIN_NO_BUILD", "1");
        Path out = folder.resolve("pushes");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
                .start();
    }
}
