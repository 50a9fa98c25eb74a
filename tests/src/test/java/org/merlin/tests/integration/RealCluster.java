package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.merlin.daemon.ca.CertificateAuthority;

/**
 * Real daemons and schedulers of several nodes. Check commands, notification commands and event handlers append node, object and
 * time to files in one folder; those files are the proof.
 */
final class RealCluster {
    static final Duration SOON = Duration.ofSeconds(30);

    /** So that handovers, which last as long as silence is borne, and the quiet after many kills do not make tests long. */
    static final String QUICK = "pulse_interval = 500ms;\ndata_timeout = 2s;\ndamping = 0;\n";

    private final Path work;
    private final RealScheduler.Kind kind;
    private final CertificateAuthority authority;
    private final Map<String, RealNode> nodes = new LinkedHashMap<>();
    private final Map<String, RealScheduler> schedulers = new LinkedHashMap<>();

    /** Makes one without nodes; skips the tests if its schedulers cannot run here. */
    RealCluster(Path work, RealScheduler.Kind kind) throws IOException {
        kind.assumePossible();
        this.work = work;
        this.kind = kind;
        this.authority = RealNode.authority(Files.createDirectories(work.resolve("ca")));
    }

    RealNode node(String name) throws IOException {
        RealNode node = nodes.get(name);
        if (node == null) {
            node = new RealNode(name, work);
            nodes.put(name, node);
        }
        return node;
    }

    /** Writes all files of a node. */
    void configure(String name, String sections, String objects) throws IOException {
        configurePlain(name, kind.section() + sections, objects);
    }

    /** The same, with a section for the scheduler of its own. */
    void configurePlain(String name, String sections, String objects) throws IOException {
        node(name).configure(authority, work.resolve("ca"), QUICK + sections);
        schedulers.put(name, kind.beside(node(name), objects));
    }

    /** Two peers with the same objects, which it starts. */
    void startPeers(String one, String two, String objects) throws IOException {
        node(one); // goes first
        configure(one, node(two).section("peer", ""), objects);
        configure(two, node(one).section("peer", ""), objects);
        start();
    }

    List<RealNode> nodes() {
        return List.copyOf(nodes.values());
    }

    RealScheduler at(String node) {
        return schedulers.get(node);
    }

    List<RealScheduler> all() {
        return List.copyOf(schedulers.values());
    }

    void start() throws IOException {
        for (RealNode node : nodes.values()) {
            node.startDaemon();
        }
        for (RealScheduler scheduler : schedulers.values()) {
            scheduler.start();
        }
        awaitSettled();
    }

    void awaitSettled() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> nodes.values().stream()
                        .allMatch(node -> node.view()
                                .filter(view -> view.verdict() == 0 && !view.handover())
                                .isPresent()));
    }

    // --- object files
    // -------------------------------------------------------------------------------------------------

    /** Commands, a timeperiod, and a contact who is told everything. */
    String basics() throws IOException {
        Path check = script("check", """
                echo "$MERLIN_NODE $1 $(date +%%s%%3N)" >> %1$s/proof
                state=0
                [ -f "%1$s/state-$1" ] && state=$(cat "%1$s/state-$1")
                echo "state $state|n=1"
                exit $state
                """.formatted(work));
        Path mail = script("mail", "echo \"$MERLIN_NODE $*\" >> %s/mails\n".formatted(work));
        Path handler = script("handler", "echo \"$MERLIN_NODE $*\" >> %s/handled\n".formatted(work));
        return """
                define command {
                  command_name check
                  command_line %1$s $ARG1$
                }
                define command {
                  command_name mail
                  command_line %2$s $NOTIFICATIONTYPE$ $NOTIFICATIONNUMBER$ '$NOTIFICATIONCOMMENT$' $HOSTNAME$ $SERVICEDESC$
                }
                define command {
                  command_name mail-host
                  command_line %2$s $NOTIFICATIONTYPE$ $NOTIFICATIONNUMBER$ '$NOTIFICATIONCOMMENT$' $HOSTNAME$
                }
                define command {
                  command_name handler
                  command_line %3$s $HOSTNAME$ $SERVICEDESC$ $SERVICESTATE$ $SERVICESTATETYPE$
                }
                define timeperiod {
                  timeperiod_name always
                  alias always
                  sunday 00:00-24:00
                  monday 00:00-24:00
                  tuesday 00:00-24:00
                  wednesday 00:00-24:00
                  thursday 00:00-24:00
                  friday 00:00-24:00
                  saturday 00:00-24:00
                }
                define contact {
                  contact_name anna
                  host_notification_period always
                  service_notification_period always
                  host_notification_options d,u,r,f,s
                  service_notification_options w,u,c,r,f,s
                  host_notification_commands mail-host
                  service_notification_commands mail
                }
                """.formatted(check, mail, handler);
    }

    static String hostgroup(String name, String alias) {
        return "define hostgroup {\n hostgroup_name " + name + "\n alias " + alias + "\n}\n";
    }

    /** A host that is checked every second, as are its services; a problem is hard at the second result. */
    static String host(String name, String more, String... services) {
        StringBuilder text = new StringBuilder();
        text.append("define host {\n host_name ").append(name).append("\n alias h\n address 127.0.0.1\n");
        text.append(checked(name)).append(more).append("\n}\n");
        for (String service : services) {
            text.append("define service {\n host_name ").append(name);
            text.append("\n service_description ").append(service).append('\n');
            text.append(checked(name + "." + service)).append(" event_handler handler\n}\n");
        }
        return text.toString();
    }

    private static String checked(String object) {
        return " check_command check!" + object
                + "\n check_interval 0.017\n retry_interval 0.017\n max_check_attempts 2\n"
                + " check_period always\n notification_period always\n notification_interval 0\n contacts anna\n";
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(work.resolve(name), "#!/bin/sh\n" + text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    // --- what happens
    // -------------------------------------------------------------------------------------------------

    /** What a check finds from now on. */
    void state(String object, int state) throws IOException {
        Path next = Files.writeString(work.resolve("next-state"), Integer.toString(state));
        Files.move(next, work.resolve("state-" + object.replace(';', '.')), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The mails about an object that contain a word. */
    List<String> mails(String word, String object) throws IOException {
        return lines("mails").stream()
                .filter(line -> line.contains(word) && line.endsWith(" " + object.replace(';', ' ')))
                .toList();
    }

    List<String> lines(String file) throws IOException {
        Path path = work.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    /** The calls of the event handler for a service: node, host, service, state and its type. */
    List<String> handled(String object) throws IOException {
        String of = " " + object.replace(';', ' ') + " ";
        return lines("handled").stream().filter(line -> line.contains(of)).toList();
    }

    /** A check that ran; by whom is told by the check command itself. */
    record Run(String node, String object, long millis) {}

    /** What ran, in its order. */
    List<Run> runs() throws IOException {
        List<Run> runs = new ArrayList<>();
        for (String line : lines("proof")) {
            String[] words = line.split(" ");
            if (words.length == 3) { // the last line may be half
                runs.add(new Run(words[0], words[1].replace('.', ';'), Long.parseLong(words[2])));
            }
        }
        return runs;
    }

    /** By object, the nodes that ran its check since a time. */
    Map<String, Set<String>> runners(long sinceMillis) throws IOException {
        Map<String, Set<String>> runners = new HashMap<>();
        runs().stream()
                .filter(run -> run.millis() >= sinceMillis)
                .forEach(run -> runners.computeIfAbsent(run.object(), any -> new HashSet<>())
                        .add(run.node()));
        return runners;
    }

    /** What a node ran since a time. */
    Set<String> ran(String node, long sinceMillis) throws IOException {
        return runs().stream()
                .filter(run -> run.node().equals(node) && run.millis() >= sinceMillis)
                .map(Run::object)
                .collect(Collectors.toSet());
    }

    /** The node that ran an object's check last; empty if none did. */
    Optional<String> runner(String object) throws IOException {
        return runs().stream()
                .filter(run -> run.object().equals(object))
                .map(Run::node)
                .reduce((before, after) -> after);
    }

    /** How often an object's check ran. */
    long runs(String object) throws IOException {
        return runs().stream().filter(run -> run.object().equals(object)).count();
    }

    /** Waits until every scheduler's status file says something. */
    void onAll(String what, Seen seen) {
        schedulers.forEach((name, scheduler) -> await(what + " on " + name)
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> seen.by(scheduler)));
    }

    static boolean is(RealScheduler at, String object, String field, String value) throws IOException {
        return at.object(object).filter(of -> value.equals(of.get(field))).isPresent();
    }

    static boolean isHard(RealScheduler at, String object, int state) throws IOException {
        return is(at, object, "current_state", Integer.toString(state)) && is(at, object, "state_type", "1");
    }

    /** Has objects reach a hard state together. */
    void reach(int state, String... objects) throws IOException {
        for (String object : objects) {
            state(object, state);
        }
        for (String object : objects) {
            onAll(object + " hard in state " + state, at -> isHard(at, object, state));
        }
    }

    /** Waits for a mail about an object. */
    void mailed(String word, String object) {
        until("a mail " + word + " of " + object, () -> !mails(word, object).isEmpty());
    }

    /** Waits until something is so. */
    static void until(String what, Callable<Boolean> so) {
        await(what).atMost(SOON).pollInterval(Duration.ofMillis(100)).until(so);
    }

    /** Something that can be seen at a scheduler. */
    @FunctionalInterface
    interface Seen {
        boolean by(RealScheduler scheduler) throws IOException;
    }

    /** Waits until every check of some objects has run again twice: what was about to happen has. */
    void twoRounds(String... objects) throws IOException {
        Map<String, Long> before = new LinkedHashMap<>();
        for (String object : objects) {
            before.put(object, runs(object));
        }
        for (String object : objects) {
            until("two further checks of " + object, () -> runs(object) >= before.get(object) + 2);
        }
    }

    void close() throws InterruptedException {
        List<RealScheduler> running = new ArrayList<>(schedulers.values());
        for (RealScheduler scheduler : running) {
            scheduler.stop();
        }
        nodes.values().forEach(RealNode::close);
    }
}
