package org.merlin.protocol.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merlin.protocol.conf.ConfTexts.load;
import static org.merlin.protocol.conf.ConfTexts.problems;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

class MerlinConfReaderTest {
    @TempDir
    Path folder;

    // --- what is read
    // -------------------------------------------------------------------------------------------------

    @Test
    void fillsInEveryDefault() {
        MerlinConf conf = load("node_name = luke");
        Path state = Path.of("/var/lib/merlin");
        MerlinConf.Log log = new MerlinConf.Log(Optional.empty(), false, "info");
        assertThat(conf)
                .isEqualTo(new MerlinConf(
                        ConfTexts.FILE,
                        "luke",
                        state,
                        new MerlinConf.Ipc(state.resolve("ipc.sock"), Optional.empty()),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        List.of(),
                        List.of(),
                        new MerlinConf.Tls(
                                true,
                                state.resolve("tls/luke.crt"),
                                state.resolve("tls/luke.key"),
                                state.resolve("tls/ca.crt")),
                        log,
                        new MerlinConf.Module(true, log),
                        new MerlinConf.Daemon("::", 15551, Optional.empty(), log),
                        new MerlinConf.Scheduler(
                                state.resolve("objects.cfg"),
                                state.resolve("command.pipe"),
                                state.resolve("retention.dat"),
                                state.resolve("scheduler.log"),
                                Optional.empty(),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                64,
                                Duration.ofSeconds(60)),
                        MerlinConf.ObjectConfig.NONE));
        assertThat(conf.adminSocket()).isEqualTo(state.resolve("admin.sock"));
    }

    @Test
    void takesTheHostNameWhereNoNameIsSet() {
        assertThat(load("").nodeName()).isNotEmpty();
    }

    @Test
    void readsTheNodesInTheirOrder() {
        MerlinConf conf = load("node_name = luke\n"
                + "poller p { hostgroups = b, a,, b; notifies = no; takeover = no }\n"
                + "master m { port = 5; connect = no }\npeer q { address = ::1; data_timeout = 7 }\n"
                + "daemon { port = 4711 }");
        MerlinConf.Node poller = new MerlinConf.Node(
                "p",
                NodeRole.POLLER,
                "p",
                4711,
                true,
                Duration.ofSeconds(5),
                new Selection(List.of("a", "b")),
                false,
                false,
                MerlinConf.ObjectConfig.NONE);
        assertThat(conf.nodes()).extracting(MerlinConf.Node::name).containsExactly("p", "m", "q");
        assertThat(conf.nodes(NodeRole.POLLER)).containsExactly(poller);
        assertThat(conf.nodes().get(1).port()).isEqualTo(5);
        assertThat(conf.nodes().get(1).connect()).isFalse();
        assertThat(conf.nodes())
                .as("only what a poller finds may be left to others to tell")
                .extracting(MerlinConf.Node::notifies)
                .containsExactly(false, true, true);
        assertThat(conf.nodes().get(2).address()).isEqualTo("::1");
        assertThat(conf.nodes().get(2).dataTimeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void readsHowMuchIsKeptForWhom() {
        MerlinConf conf = load("node_name = luke; log_max_size = 4G; backlog_max_age = 2d; backlog_min_free = 0\n"
                + "peer a { backlog_max_size = 64 MiB; backlog_min_free = 1048576 }\npeer b { backlog_max_age = 1h }");
        assertThat(conf.logMaxBytes()).isEqualTo(4L << 30);
        assertThat(conf.backlog()).isEqualTo(new MerlinConf.Backlog(1L << 30, Duration.ofDays(2), 0));
        assertThat(conf.nodes())
                .extracting(MerlinConf.Node::backlog)
                .containsExactly(
                        new MerlinConf.Backlog(64 << 20, Duration.ofDays(2), 1 << 20),
                        new MerlinConf.Backlog(1L << 30, Duration.ofHours(1), 0));
    }

    @Test
    void takesTheOriginalsBoundsForABacklog() {
        assertThat(backlogBytes("binlog_max_memory_size = 100; binlog_max_file_size = 900"))
                .isEqualTo(1000L << 20);
        assertThat(backlogBytes("binlog_max_file_size = 10")).isEqualTo(510L << 20);
        assertThat(backlogBytes("binlog_max_file_size = 10; backlog_max_size = 2M"))
                .isEqualTo(2 << 20);
    }

    private static long backlogBytes(String text) {
        return ConfTexts.read(text).conf().orElseThrow().backlog().maxBytes();
    }

    @Test
    void refusesSizesThatAreNone() {
        for (String value : List.of("much", "-1", "1.5G", "900000000T", "0", "1K")) {
            assertThat(ConfTexts.read("log_max_size = " + value).conf())
                    .as(value)
                    .isEmpty();
        }
    }

    @Test
    void readsOldAndNewWordsForTheSameRoles() {
        assertThat(load("slave a { hostgroup = x }\nnoc b { host = c }").nodes())
                .extracting(MerlinConf.Node::role, MerlinConf.Node::address)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(NodeRole.POLLER, "a"),
                        org.assertj.core.groups.Tuple.tuple(NodeRole.MASTER, "c"));
    }

    @Test
    void resolvesPathsAgainstTheFilesFolder() {
        MerlinConf conf = load("node_name = a; state_dir = state; tls_ca = ../ca.crt; log_file = x.log\n"
                + "scheduler { objects = /o.cfg }");
        assertThat(conf.stateDir()).isEqualTo(Path.of("/etc/merlin/state"));
        assertThat(conf.ipc().socket()).isEqualTo(Path.of("/etc/merlin/state/ipc.sock"));
        assertThat(conf.tls().ca()).isEqualTo(Path.of("/etc/ca.crt"));
        assertThat(conf.tls().key()).isEqualTo(Path.of("/etc/merlin/state/tls/a.key"));
        assertThat(conf.log().file()).contains(Path.of("/etc/merlin/x.log"));
        assertThat(conf.scheduler().objects()).isEqualTo(Path.of("/o.cfg"));
    }

    @ParameterizedTest
    @CsvSource({"5,5000", "0.5,500", "250ms,250", "1.5s,1500", "2m,120000", "1 h,3600000", "1d,86400000", "1w,604800000"
    })
    void readsDurations(String text, long millis) {
        assertThat(load("scheduler { check_timeout = " + text + "; }")
                        .scheduler()
                        .checkTimeout())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 5", "-1", "1e3", "soon", "5 seconds", ".5", "99999999999", "0x10", "25d"})
    void refusesWhatIsNoDuration(String text) {
        assertThat(problems("scheduler { check_timeout = " + text + "; }"))
                .singleElement()
                .asString()
                .startsWith("1: 'check_timeout = " + text + "' is ");
    }

    @ParameterizedTest
    @CsvSource({"yes,true", "true,true", "ON,true", "1,true", "no,false", "False,false", "off,false", "0,false"})
    void readsBooleansTheSameWayEverywhere(String text, boolean value) {
        assertThat(load("tls = " + text).tls().enabled()).isEqualTo(value);
        assertThat(load("module { notifies = " + text + "; }").module().notifies())
                .isEqualTo(value);
        assertThat(load("peer a { connect = " + text + " }").nodes().get(0).connect())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "2", "yess", "oui"})
    void refusesWhatIsNoBoolean(String text) {
        assertThat(problems("tls = " + text)).containsExactly("1: 'tls = " + text + "' is neither yes nor no");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "debug;debug",
                "err;err",
                "all;debug",
                "+debug;debug",
                "-info;warn",
                "-info -warn;err",
                "warn,+info;info",
                "error;err"
            })
    void readsLogLevels(String text, String lowest) {
        assertThat(load("log_level = " + text).log().level()).isEqualTo(lowest);
    }

    @Test
    void sectionsLogLikeTheWholeUnlessTheySayOtherwise() {
        MerlinConf conf =
                load("log_level = debug; log_file = stdout\nmodule { log_file = /m.log }\ndaemon { log_level = err }");
        assertThat(conf.module().log()).isEqualTo(new MerlinConf.Log(Optional.of(Path.of("/m.log")), false, "debug"));
        assertThat(conf.daemon().log()).isEqualTo(new MerlinConf.Log(Optional.empty(), true, "err"));
    }

    @Test
    void nodesInheritTheSyncCommandsUnlessTheyHaveTheirOwn() {
        MerlinConf conf = MerlinConfReader.read(
                        ConfTexts.FILE,
                        ("daemon { object_config { push = p; pull = f; source = s } }\n"
                                        + "peer a {}\npeer b { object_config {} }\npeer c { object_config { push = no; fetch = g } }")
                                .getBytes(StandardCharsets.UTF_8))
                .conf()
                .orElseThrow();
        MerlinConf.ObjectConfig all =
                new MerlinConf.ObjectConfig(Optional.of("p"), Optional.of("f"), Map.of("source", "s"));
        assertThat(conf.objectConfig()).isEqualTo(all);
        assertThat(conf.nodes())
                .extracting(MerlinConf.Node::objectConfig)
                .containsExactly(
                        all,
                        new MerlinConf.ObjectConfig(Optional.empty(), Optional.empty(), Map.of(), true, true, false),
                        new MerlinConf.ObjectConfig(Optional.empty(), Optional.of("g"), Map.of(), true, true, false));
        assertThat(conf.nodes()).noneMatch(node -> node.objectConfig().builtIn());
    }

    @Test
    void withoutACommandTheBuiltInSyncDoesTheWorkUnlessItIsRefused() {
        assertThat(objectConfig("").builtIn()).isTrue();
        assertThat(objectConfig("object_config { source = /etc/naemon; }").builtIn())
                .isTrue();
        assertThat(objectConfig("object_config { push = no; }").builtIn()).isFalse();
        assertThat(objectConfig("object_config { push = mon oconf push; fetch = /usr/bin/mon oconf fetch m; }"))
                .isEqualTo(new MerlinConf.ObjectConfig(Optional.empty(), Optional.empty(), Map.of()));
        assertThat(objectConfig("object_config { fetch = :; }").builtIn()).isFalse();
    }

    @Test
    void aSyncCommandIsReadByAShellOnlyWhereThatIsAskedFor() {
        assertThat(objectConfig("object_config { push = a; }").shell()).isFalse();
        assertThat(objectConfig("object_config { push = a && b; shell = yes; }").shell())
                .isTrue();
        assertThat(problems("object_config { push = a && b; }"))
                .containsExactly("1: warning: 'push' has a & that no shell will see: quote it, or add"
                        + " shell = yes to this section");
        assertThat(problems("object_config { push = a 'b; }"))
                .containsExactly(
                        "1: 'push = a 'b' is no command line: a quote is not closed, or there is" + " nothing");
    }

    private static MerlinConf.ObjectConfig objectConfig(String text) {
        return MerlinConfReader.read(ConfTexts.FILE, ("node_name = a; " + text).getBytes(StandardCharsets.UTF_8))
                .conf()
                .orElseThrow()
                .objectConfig();
    }

    @Test
    void threePulsesFitIntoTheDataTimeout() {
        assertThat(load("pulse_interval = 10").dataTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(load("pulse_interval = 100ms").dataTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(load("data_timeout = 2; peer a {}").nodes().get(0).dataTimeout())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void takesKeysOfBothSidesFromEitherSection() {
        MerlinConf conf = load("module { ipc_socket = /a.sock; ipc_blocked_hostgroups = x }\n"
                + "daemon { pulse_interval = 2; ipc_socket = /a.sock; ipc_blocked_hostgroups = y,x }");
        assertThat(conf.ipc().socket()).isEqualTo(Path.of("/a.sock"));
        assertThat(conf.pulseInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(conf.blockedHostgroups()).containsExactly("x", "y");
        assertThat(problems("ipc_socket = /a.sock\ndaemon {\n ipc_socket = /b.sock\n}"))
                .containsExactly("3: warning: 'ipc_socket' is the same for module and daemon; what line 1 says counts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h", "a-b.example.com", "10.0.0.1", "::", "fe80::1%eth0", "::ffff:10.0.0.1", "[::1]"})
    void takesNamesAndAddresses(String text) {
        assertThat(load("peer x { address = " + text + " }").nodes().get(0).address())
                .isEqualTo(text.replaceAll("[\\[\\]]", ""));
    }

    // --- what is refused
    // ----------------------------------------------------------------------------------------------

    @Test
    void saysWhatAMisspeltKeyShouldBe() {
        assertThat(problems("pulse_intervall = 1"))
                .containsExactly("1: unknown key 'pulse_intervall', did you mean 'pulse_interval'?");
        assertThat(problems("peer a { prot = 1 }"))
                .containsExactly("1: unknown key 'prot' in section 'peer a', did you mean 'port'?");
        assertThat(problems("port = 1"))
                .containsExactly(
                        "1: unknown key 'port', did you mean it in section daemon or database or master or peer or poller or resolver?");
        assertThat(problems("peer a { tls = off }"))
                .containsExactly("1: unknown key 'tls' in section 'peer a', did you mean it outside of sections?");
        assertThat(problems("deamon { }")).containsExactly("1: unknown section 'deamon', did you mean 'daemon'?");
    }

    @Test
    void refusesSocketPathsThatTheKernelWouldNotTake() {
        String room = "/" + "s".repeat(MerlinConfReader.MAX_SOCKET_PATH_BYTES - "//admin.sock".length());
        load("state_dir = " + room);
        assertThat(problems("tls = on\nstate_dir = " + room + "s"))
                .containsExactly("2: the Unix socket " + room
                        + "s/admin.sock has a path of 108 bytes, the kernel takes 107: choose a shorter state_dir");
        assertThat(problems("ipc_socket = " + room + "/ipc.sockets"))
                .containsExactly("1: the Unix socket " + room
                        + "/ipc.sockets has a path of 108 bytes, the kernel takes 107: choose a shorter ipc_socket");
    }

    @Test
    void refusesASocketWhereThereIsAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("ipc.sock"));
        assertThat(problems("ipc_socket = " + file))
                .containsExactly("1: there is something else than a Unix socket at " + file);
    }

    @Test
    void saysItOfAFileThatIsNotThere() {
        Path missing = folder.resolve("merlin.conf");
        assertThatThrownBy(() -> MerlinConf.load(missing))
                .isInstanceOf(ConfException.class)
                .hasMessage(missing + ": there is no such file; merlin.conf.example is one to begin with");
        assertThatThrownBy(() -> MerlinConf.load(folder))
                .isInstanceOf(ConfException.class)
                .hasMessage(folder + ": cannot be read: it is a directory");
    }

    @Test
    void theObjectsAreWhereTheSyncWritesThemUnlessAFileIsThereFromBefore() throws IOException {
        String state = "node_name = yoda\nstate_dir = " + folder + "\n";
        String masters = state + "master luke { }\n";
        String named = masters + "oconf_dir = /etc/objects\n";
        assertThat(load(state).scheduler().objects()).isEqualTo(folder.resolve("objects.cfg"));
        assertThat(load(masters).scheduler().objects()).isEqualTo(folder.resolve("oconf.d"));
        Files.createFile(folder.resolve("objects.cfg"));
        assertThat(load(masters).scheduler().objects()).isEqualTo(folder.resolve("objects.cfg"));
        assertThat(load(named).scheduler().objects()).isEqualTo(Path.of("/etc/objects"));
        assertThat(load(named + "scheduler { objects = /mine }\n").scheduler().objects())
                .isEqualTo(Path.of("/mine"));
    }

    @Test
    void carriesAllProblemsInOneException() throws IOException {
        Path file = Files.writeString(folder.resolve("merlin.conf"), "tls = x\nusee_syslog = 1\n");
        assertThatThrownBy(() -> MerlinConf.load(file))
                .isInstanceOfSatisfying(
                        ConfException.class, e -> assertThat(e.problems()).hasSize(2))
                .hasMessage(file + ":1: 'tls = x' is neither yes nor no\n" + file
                        + ":2: unknown key 'usee_syslog', did you mean 'use_syslog'?");
    }

    @Test
    void readsOldFilesThatAreNoUtf8() {
        byte[] bytes = "# H\u00e9\nnode_name = a".getBytes(StandardCharsets.ISO_8859_1);
        MerlinConfReader.Report report = MerlinConfReader.read(ConfTexts.FILE, bytes);
        assertThat(report.conf()).isPresent();
        assertThat(report.problems())
                .extracting(ConfProblem::toString)
                .containsExactly(ConfTexts.FILE + ": warning: is no UTF-8: read as ISO 8859-1");
    }

    @Test
    void neverRepeatsAPassword() {
        assertThat(problems("daemon { database { pass = s3cret # x; pass = s3cret; port = x } }"))
                .noneMatch(problem -> problem.contains("s3cret"));
    }

    @Test
    void saysWhatIsDoneInDoubt() {
        assertThat(load("expiry_grace = 5s; minority = silent; damping = 1m").sharing())
                .isEqualTo(new MerlinConf.Sharing(Duration.ofSeconds(5), true, Duration.ofMinutes(1)));
        assertThat(problems("minority = loud; expiry_grace = 0"))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("notify nor silent"));
    }

    @Test
    void warnsOfASilentMinorityOfTwo() {
        assertThat(problems("node_name = a; minority = silent; peer b {}"))
                .singleElement()
                .asString()
                .contains("two peers");
        assertThat(problems("node_name = a; minority = silent; peer b {}; peer c {}"))
                .isEmpty();
    }

    @Test
    void readsServersOfNames() {
        MerlinConf conf = load("""
                node_name = luke
                resolver { domain = consul; address = 127.0.0.1; port = 8600; }
                resolver { domain = .Lab.Example.; address = [::1]; timeout = 500ms; }
                """);
        assertThat(conf.resolvers())
                .containsExactly(
                        new MerlinConf.Resolver("consul", "127.0.0.1", 8600, Duration.ofSeconds(2)),
                        new MerlinConf.Resolver("lab.example", "::1", 53, Duration.ofMillis(500)));
    }
}
