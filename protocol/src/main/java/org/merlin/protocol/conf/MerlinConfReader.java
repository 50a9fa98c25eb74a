package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.merlin.protocol.node.NodeRole;

/**
 * Reads a merlin.conf into {@link MerlinConf}, and says everything that is wrong with it at once. Whatever the file
 * holds, the answer is a list of problems and never another exception; memory stays within a small multiple of the
 * largest file that is read. Confined to one thread.
 */
public final class MerlinConfReader {
    static final int DEFAULT_PORT = 15551;
    /** Longest path of a Unix socket, as the kernel takes it. */
    static final int MAX_SOCKET_PATH_BYTES = 107;

    private static final Path DEFAULT_STATE_DIR = Path.of("/var/lib/merlin");
    private static final Duration SHORTEST_PULSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PULSE = Duration.ofHours(1);
    /** Sections that are never inside another one. */
    static final Set<String> OUTERMOST =
            Set.of("module", "daemon", "scheduler", "resolver", "peer", "poller", "slave", "master", "noc");

    /** One section of each kind, so that reading it asks for every key there is. */
    private static final List<String> ONE_OF_EACH = List.of(
            "module {}",
            "daemon { database {} object_config {} }",
            "scheduler {}",
            "resolver {}",
            "peer a { sync {} }",
            "poller b {}",
            "master c {}");

    private final Path file;
    private final ConfProblems problems;
    private final Sections sections;

    private MerlinConfReader(Path file, ConfProblems problems, Map<String, Set<String>> vocabulary) {
        this.file = file.toAbsolutePath().normalize();
        this.problems = problems;
        this.sections = new Sections(this.file.getParent(), problems, vocabulary);
    }

    /**
     * What came of reading a file.
     *
     * @param conf empty if there is an error among the problems
     * @param problems errors and warnings, by line
     */
    public record Report(Optional<MerlinConf> conf, List<ConfProblem> problems) {
        public Report {
            problems = List.copyOf(problems);
        }
    }

    /** Reads a file; its problems call it what the path says. */
    public static Report read(Path file) {
        ConfProblems problems = new ConfProblems(file.toString());
        return ConfFile.bytes(file, problems)
                .map(bytes -> read(file, bytes))
                .orElseGet(() -> new Report(Optional.empty(), problems.sorted()));
    }

    /** Reads the bytes that a file has, or is to have. */
    public static Report read(Path file, byte[] bytes) {
        ConfProblems problems = new ConfProblems(file.toString());
        ConfSection root = ConfParser.parse(ConfFile.lines(bytes, problems), OUTERMOST, problems);
        MerlinConf conf = new MerlinConfReader(file, problems, vocabulary()).interpret(root);
        return new Report(problems.failed() ? Optional.empty() : Optional.of(conf), problems.sorted());
    }

    /** Every key there is, by the name of its section; that of keys outside of sections is empty. */
    static Map<String, Set<String>> vocabulary() {
        ConfProblems ignored = new ConfProblems("");
        MerlinConfReader reader = new MerlinConfReader(Path.of("/merlin.conf"), ignored, Map.of());
        reader.interpret(ConfParser.parse(ONE_OF_EACH, OUTERMOST, ignored));
        return reader.sections.vocabulary();
    }

    private MerlinConf interpret(ConfSection root) {
        ConfValues global = sections.values(root);
        ConfValues module = sections.onlyOrEmpty(root, "module");
        ConfValues daemon = sections.onlyOrEmpty(root, "daemon");
        List<ConfValues> common = List.of(global, module, daemon);

        String nodeName = nodeName(global);
        Path stateDir = global.path("state_dir", DEFAULT_STATE_DIR);
        Duration pulseInterval = anywhere(common, "pulse_interval", MerlinConfReader::pulseInterval)
                .orElse(Duration.ofSeconds(1));
        Duration dataTimeout = DataTimeout.read(global, pulseInterval).orElse(DataTimeout.usual(pulseInterval));
        MerlinConf.Log log = log(global, new MerlinConf.Log(Optional.empty(), false, "info"));
        MerlinConf.Daemon daemonConf = daemon(daemon, log);
        MerlinConf.ObjectConfig objectConfig = objectConfig(root, daemon);
        long logMaxBytes = BacklogSection.logMaxBytes(global);
        MerlinConf.Backlog backlog = BacklogSection.global(global, common);
        int nodePort = daemonConf.port() == 0 ? DEFAULT_PORT : daemonConf.port();
        List<MerlinConf.Node> nodes = NodeSections.read(
                sections,
                root,
                new NodeSections.Defaults(nodeName, nodePort, dataTimeout, pulseInterval, objectConfig, backlog));
        Path oconfDir =
                global.path("oconf_dir", MerlinConf.Oconf.below(stateDir).dir());
        MerlinConf.Oconf oconf = OconfKeys.read(global, stateDir, SyncSections.read(daemon, oconfDir, stateDir));
        boolean hasMasters = nodes.stream().anyMatch(node -> node.role() == NodeRole.MASTER);
        long peers = nodes.stream().filter(node -> node.role() == NodeRole.PEER).count();
        MerlinConf conf = new MerlinConf(
                file,
                nodeName,
                stateDir,
                ipc(common, stateDir),
                pulseInterval,
                dataTimeout,
                blockedHostgroups(common),
                nodes,
                tls(global, stateDir, nodeName),
                log,
                module(module, log),
                daemonConf,
                scheduler(
                        sections.onlyOrEmpty(root, "scheduler"),
                        stateDir,
                        OconfKeys.objects(oconf, hasMasters, stateDir)),
                objectConfig,
                logMaxBytes,
                backlog,
                SharingKeys.read(global, peers),
                oconf,
                database(root, daemon),
                ResolverSections.read(sections, root));
        common.forEach(values -> values.retire(RetiredKey.ANYWHERE));
        sections.finish(
                global,
                List.of(
                        "module",
                        "daemon",
                        "scheduler",
                        "resolver",
                        "peer",
                        "poller",
                        "slave",
                        "master",
                        "noc",
                        "object_config",
                        "database"));
        sections.finish(module, List.of());
        sections.finish(daemon, List.of("database", "object_config", "sync", "sync_peers"));
        return conf;
    }

    /** A key that the C original takes outside of sections, in module and in daemon: they must mean the same here. */
    private static <T> Optional<T> anywhere(
            List<ConfValues> places, String key, BiFunction<ConfValues, String, Optional<T>> read) {
        Optional<T> value = Optional.empty();
        int line = 0;
        for (ConfValues place : places) {
            Optional<T> here = read.apply(place, key);
            if (value.isEmpty()) {
                value = here;
                line = place.line(key);
            } else if (here.isPresent() && !Objects.equals(here, value)) {
                place.warn(
                        place.line(key),
                        quoted(key) + " is the same for module and daemon; what line " + line + " says counts");
            }
        }
        return value;
    }

    // --- outside of sections -----------------------------------------------------------------------------------------

    private static Optional<Duration> pulseInterval(ConfValues values, String key) {
        return values.duration(key, SHORTEST_PULSE, LONGEST_PULSE);
    }

    private static String nodeName(ConfValues global) {
        Optional<ConfSection.Entry> entry = global.entry("node_name");
        String name = entry.map(ConfSection.Entry::value).orElseGet(MerlinConfReader::hostName);
        if (NodeSections.isName(name)) {
            return name;
        }
        entry.ifPresentOrElse(
                given -> global.refuse(given, "is no node name: " + NodeSections.NAME_RULE),
                () -> global.error(0, "this machine's host name " + quoted(name) + " is no node name: set node_name"));
        return "unnamed";
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME"))
                    .orElseGet(() -> InetAddress.getLoopbackAddress().getHostName());
        }
    }

    private static MerlinConf.Ipc ipc(List<ConfValues> places, Path stateDir) {
        Optional<Path> socket = anywhere(places, "ipc_socket", ConfValues::path);
        socket.ifPresent(path -> checkSocket(places, "ipc_socket", path));
        checkSocket(places, "state_dir", stateDir.resolve("admin.sock"));
        return new MerlinConf.Ipc(
                socket.orElse(stateDir.resolve("ipc.sock")), anywhere(places, "ipc_group", ConfValues::text));
    }

    private static void checkSocket(List<ConfValues> places, String key, Path socket) {
        ConfValues place =
                places.stream().filter(values -> values.has(key)).findFirst().orElse(places.get(0));
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOCKET_PATH_BYTES) {
            place.error(
                    place.line(key),
                    "the Unix socket " + socket + " has a path of " + bytes + " bytes, the kernel takes "
                            + MAX_SOCKET_PATH_BYTES + ": choose a shorter " + key);
        } else if (Files.isRegularFile(socket, LinkOption.NOFOLLOW_LINKS)
                || Files.isDirectory(socket, LinkOption.NOFOLLOW_LINKS)) {
            place.error(place.line(key), "there is something else than a Unix socket at " + socket);
        }
    }

    private static List<String> blockedHostgroups(List<ConfValues> places) {
        List<String> groups = new ArrayList<>();
        places.forEach(place -> groups.addAll(place.names("ipc_blocked_hostgroups")));
        return groups.stream().distinct().toList();
    }

    private static MerlinConf.Tls tls(ConfValues global, Path stateDir, String nodeName) {
        Path folder = stateDir.resolve("tls");
        return new MerlinConf.Tls(
                global.flag("tls", true),
                global.path("tls_certificate", folder.resolve(nodeName + ".crt")),
                global.path("tls_key", folder.resolve(nodeName + ".key")),
                global.path("tls_ca", folder.resolve("ca.crt")));
    }

    private static MerlinConf.Log log(ConfValues values, MerlinConf.Log otherwise) {
        String level = values.entry("log_level", "log_levels")
                .map(entry -> LogLevels.lowest(values, entry, otherwise.level()))
                .orElse(otherwise.level());
        Optional<String> target = values.text("log_file");
        if (target.isEmpty()) {
            return new MerlinConf.Log(otherwise.file(), otherwise.stdout(), level);
        }
        boolean stream = Set.of("stdout", "stderr").contains(target.get());
        return new MerlinConf.Log(
                stream ? Optional.empty() : values.path("log_file"),
                target.get().equals("stdout"),
                level);
    }

    // --- sections ----------------------------------------------------------------------------------------------------

    private static MerlinConf.Module module(ConfValues module, MerlinConf.Log log) {
        MerlinConf.Module conf = new MerlinConf.Module(
                module.flag("notifies", true),
                module.path("java_home"),
                module.text("java_options").orElse(""),
                log(module, log));
        module.retire(RetiredKey.OF_MODULE);
        return conf;
    }

    private MerlinConf.Daemon daemon(ConfValues daemon, MerlinConf.Log log) {
        MerlinConf.Daemon conf = new MerlinConf.Daemon(
                daemon.address("address").orElse("::"),
                daemon.number("port", 0, 65_535, DEFAULT_PORT),
                daemon.path("pidfile"),
                log(daemon, log));
        daemon.retire(RetiredKey.OF_DAEMON);
        return conf;
    }

    /** Within section daemon, as the C original has it, or outside of all. */
    private Optional<MerlinConf.Database> database(ConfSection root, ConfValues daemon) {
        Optional<ConfValues> outside = sections.only(root, "database");
        Optional<ConfValues> inside = sections.only(daemon.section(), "database");
        if (outside.isPresent() && inside.isPresent()) {
            inside.get()
                    .error(
                            inside.get().section().line(),
                            "a second section 'database'; the first is in line "
                                    + outside.get().section().line());
        }
        Optional<MerlinConf.Database> global = outside.flatMap(values -> DatabaseSection.read(sections, values));
        Optional<MerlinConf.Database> own = inside.flatMap(values -> DatabaseSection.read(sections, values));
        return own.or(() -> global);
    }

    private MerlinConf.Scheduler scheduler(ConfValues scheduler, Path stateDir, Path objects) {
        MerlinConf.Scheduler conf = new MerlinConf.Scheduler(
                scheduler.path("objects", objects),
                scheduler.path("command_pipe", stateDir.resolve("command.pipe")),
                scheduler.path("retention", stateDir.resolve("retention.dat")),
                scheduler.path("log", stateDir.resolve("scheduler.log")),
                scheduler.path("run_log"),
                scheduler.duration("interval_length", Duration.ofSeconds(60)),
                scheduler.duration("check_timeout", Duration.ofSeconds(60)),
                scheduler.number("max_concurrent_checks", 1, 10_000, 64),
                scheduler.duration("retention_interval", Duration.ofSeconds(60)));
        sections.finish(scheduler, List.of());
        return conf;
    }

    private MerlinConf.ObjectConfig objectConfig(ConfSection root, ConfValues daemon) {
        Optional<ConfValues> outside = sections.only(root, "object_config");
        Optional<ConfValues> inside = sections.only(daemon.section(), "object_config");
        if (outside.isPresent() && inside.isPresent()) {
            outside.get()
                    .error(
                            outside.get().section().line(),
                            "a second section 'object_config'; the other one is in section daemon, line "
                                    + inside.get().section().line());
        }
        return inside.or(() -> outside).map(ObjectConfigSection::readGlobal).orElse(MerlinConf.ObjectConfig.NONE);
    }
}
