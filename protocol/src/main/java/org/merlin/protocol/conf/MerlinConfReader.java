package org.merlin.protocol.conf;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/** Reads a merlin.conf into {@link MerlinConf}, and says everything that is wrong with it at once. */
public final class MerlinConfReader {
    static final int DEFAULT_PORT = 15551;
    /** Longest path of a Unix socket, as the kernel takes it. */
    static final int MAX_SOCKET_PATH_BYTES = 107;

    private static final int MAX_FILE_BYTES = 16 << 20;
    private static final Pattern NODE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Map<String, NodeRole> ROLES = Map.of(
            "peer", NodeRole.PEER,
            "poller", NodeRole.POLLER,
            "slave", NodeRole.POLLER,
            "master", NodeRole.MASTER,
            "noc", NodeRole.MASTER);
    private static final String TLS_INSTEAD =
            "is not needed any more: links are TLS with certificates on both sides, see mon ca init and mon cert issue";
    private static final String LOG_INSTEAD =
            "is understood and not yet enforced: events for nodes that are away are kept in state_dir/log without a bound";

    private final String name;
    private final Path file;
    private final List<ConfProblem> problems = new ArrayList<>();

    private MerlinConfReader(Path file) {
        this.name = file.toString();
        this.file = file.toAbsolutePath().normalize();
    }

    /**
     * What came of reading a file.
     *
     * @param conf empty if there is an error among the problems
     * @param problems errors and warnings, by line
     */
    public record Report(Optional<MerlinConf> conf, List<ConfProblem> problems) {}

    /** Reads a file. */
    public static Report read(Path file) {
        MerlinConfReader reader = new MerlinConfReader(file);
        Optional<MerlinConf> conf = reader.read();
        reader.problems.sort(Comparator.comparingInt(ConfProblem::line));
        boolean failed = reader.problems.stream().anyMatch(ConfProblem::error);
        return new Report(failed ? Optional.empty() : conf, List.copyOf(reader.problems));
    }

    private Optional<MerlinConf> read() {
        List<String> lines;
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                problems.add(new ConfProblem(
                        name, 0, true, "larger than " + MAX_FILE_BYTES + " bytes: this is no merlin.conf"));
                return Optional.empty();
            }
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            String why = Files.exists(file) ? "cannot be read: " + e.getMessage() : "there is no such file";
            problems.add(new ConfProblem(name, 0, true, why + "; merlin.conf.example is one to begin with"));
            return Optional.empty();
        }
        return Optional.of(interpret(ConfParser.parse(name, lines, problems)));
    }

    private ConfValues values(ConfSection section) {
        return new ConfValues(name, file.getParent(), section, problems);
    }

    private Optional<ConfValues> only(ConfSection root, String sectionName) {
        List<ConfSection> found = root.sections().stream()
                .filter(section -> section.name().equals(sectionName))
                .toList();
        found.stream()
                .skip(1)
                .forEach(second -> problems.add(new ConfProblem(
                        name,
                        second.line(),
                        true,
                        "a second section '" + sectionName + "'; the first is in line "
                                + found.get(0).line())));
        return found.stream().findFirst().map(this::values);
    }

    private static ConfSection none(String sectionName) {
        return new ConfSection(sectionName, "", 0);
    }

    private MerlinConf interpret(ConfSection root) {
        ConfValues global = values(root);
        ConfValues module = only(root, "module").orElseGet(() -> values(none("module")));
        ConfValues daemon = only(root, "daemon").orElseGet(() -> values(none("daemon")));
        ConfValues scheduler = only(root, "scheduler").orElseGet(() -> values(none("scheduler")));
        List<ConfValues> everywhere = List.of(global, module, daemon);

        String nodeName = nodeName(global);
        Path stateDir = global.path("state_dir", Path.of("/var/lib/merlin"));
        Duration pulse =
                first(everywhere, values -> values.duration("pulse_interval")).orElse(Duration.ofSeconds(1));
        Duration usual = Duration.ofMillis(Math.max(5_000, 3 * pulse.toMillis()));
        Duration dataTimeout = global.duration("data_timeout", usual);
        requireLonger(global, "data_timeout", dataTimeout, pulse);
        MerlinConf.Ipc ipc = new MerlinConf.Ipc(
                first(everywhere, values -> values.path("ipc_socket")).orElse(stateDir.resolve("ipc.sock")),
                first(everywhere, values -> values.text("ipc_group")));
        requireSocketPath(global.line("ipc_socket"), "ipc_socket", ipc.socket());
        requireSocketPath(global.line("state_dir"), "state_dir", stateDir.resolve("admin.sock"));
        MerlinConf.Log log = log(global, new MerlinConf.Log(Optional.empty(), false, "info"));
        MerlinConf.ObjectConfig objectConfig = objectConfig(root, daemon.section());
        MerlinConf.Daemon daemonConf = daemon(daemon, log);
        List<MerlinConf.Node> nodes = nodes(root, nodeName, daemonConf.port(), dataTimeout, pulse, objectConfig);
        MerlinConf conf = new MerlinConf(
                file,
                nodeName,
                stateDir,
                ipc,
                pulse,
                dataTimeout,
                blocked(everywhere),
                nodes,
                tls(global, stateDir, nodeName),
                log,
                module(module, log),
                daemonConf,
                scheduler(scheduler, stateDir),
                objectConfig);
        only(root, "database").ifPresent(MerlinConfReader::database);
        everywhere.forEach(MerlinConfReader::common);
        everywhere.forEach(ConfValues::refuseUnread);
        global.refuseSections(List.of(
                "module",
                "daemon",
                "scheduler",
                "peer",
                "poller",
                "slave",
                "master",
                "noc",
                "object_config",
                "database"));
        return conf;
    }

    private static <T> Optional<T> first(List<ConfValues> places, Function<ConfValues, Optional<T>> read) {
        Optional<T> found = Optional.empty();
        for (ConfValues place : places) {
            Optional<T> here = read.apply(place);
            found = found.isPresent() ? found : here;
        }
        return found;
    }

    private static List<String> blocked(List<ConfValues> places) {
        List<String> groups = new ArrayList<>();
        places.forEach(place -> groups.addAll(place.names("ipc_blocked_hostgroups")));
        return groups;
    }

    private static void common(ConfValues values) {
        Map<String, String> replaced = new LinkedHashMap<>();
        replaced.put("ipc_privatekey", TLS_INSTEAD);
        replaced.put("ipc_uuid", "is not needed any more: a node is known by the name in its certificate");
        for (String key : List.of("ipc_binlog", "ipc_binlog_dir", "ipc_backlog_dir", "binlog_dir")) {
            replaced.put(key, "is not needed any more: the event log lies in state_dir/log");
        }
        replaced.put("binlog_max_memory_size", LOG_INSTEAD);
        replaced.put("binlog_max_file_size", LOG_INSTEAD);
        replaced.put("binlog_persist", "is not needed any more: the event log always survives");
        replaced.put("ipc_debug_write", "does nothing any more: log_level = debug shows single packets");
        replaced.put("ipc_debug_read", "does nothing any more: log_level = debug shows single packets");
        replaced.put(
                "use_syslog",
                "does nothing any more: merlind logs to standard error, which systemd takes to the journal; "
                        + "log_file names a file");
        replaced.put(
                "oconfsplit_dir", "is understood and not yet used: splitting the configuration comes with its sync");
        values.replaced(replaced);
    }

    private String nodeName(ConfValues global) {
        Optional<ConfSection.Entry> entry = global.entry("node_name");
        String node = entry.map(ConfSection.Entry::value).orElseGet(MerlinConfReader::hostName);
        if (!NODE_NAME.matcher(node).matches()) {
            global.error(
                    entry.map(ConfSection.Entry::line).orElse(0),
                    entry.isPresent()
                            ? "'node_name = " + node
                                    + "': a name has 1 to 64 letters, digits, dots, dashes and underscores"
                            : "this machine's host name '" + node + "' is no node name: set node_name");
            return "unnamed";
        }
        return node;
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME"))
                    .orElseGet(() -> InetAddress.getLoopbackAddress().getHostName());
        }
    }

    private static void requireLonger(ConfValues where, String key, Duration timeout, Duration pulse) {
        if (timeout.compareTo(pulse) <= 0) {
            where.error(
                    where.line(key),
                    "'" + key + "' of " + text(timeout) + " is not more than the pulse_interval of " + text(pulse)
                            + ": make it at least three times that");
        }
    }

    private static String text(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    private void requireSocketPath(int line, String key, Path socket) {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_SOCKET_PATH_BYTES) {
            problems.add(new ConfProblem(
                    name,
                    line,
                    true,
                    "the Unix socket " + socket + " would have a path of " + bytes + " bytes, the kernel takes "
                            + MAX_SOCKET_PATH_BYTES + ": choose a shorter " + key));
        }
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
        Optional<String> target = values.text("log_file");
        Optional<Path> path = target.isEmpty() || List.of("stdout", "stderr").contains(target.get())
                ? target.isEmpty() ? otherwise.file() : Optional.empty()
                : values.path("log_file");
        boolean stdout = target.map("stdout"::equals).orElse(otherwise.stdout());
        Optional<ConfSection.Entry> level = values.entry("log_level", "log_levels");
        String word = otherwise.level();
        if (level.isPresent()) {
            word = level(values, level.get(), otherwise.level());
        }
        return new MerlinConf.Log(path, stdout, word);
    }

    /** The C original's list of levels, {@code +x} and {@code -x} included: what counts is the most talkative one. */
    private static String level(ConfValues values, ConfSection.Entry entry, String otherwise) {
        List<String> order = List.of("err", "warn", "info", "debug");
        int most = -1;
        for (String each : entry.value().toLowerCase(Locale.ROOT).split("[\\s,]+")) {
            String word = each.replaceFirst("^[+-]", "");
            word = Map.of("all", "debug", "error", "err", "warning", "warn").getOrDefault(word, word);
            if (!order.contains(word)) {
                values.error(
                        entry.line(), "'" + entry.key() + "' knows err, warn, info, debug and all, not '" + each + "'");
            } else if (!each.startsWith("-")) {
                most = Math.max(most, order.indexOf(word));
            }
        }
        return most < 0 ? otherwise : order.get(most);
    }

    private static MerlinConf.Module module(ConfValues module, MerlinConf.Log log) {
        MerlinConf.Module conf = new MerlinConf.Module(module.flag("notifies", true), log(module, log));
        module.replaced(Map.of(
                "cluster_update", "is understood and not yet used: the command is not run",
                "event_mask", "does nothing any more: the module asks for what it needs",
                "handle_events", "does nothing any more: the module asks for what it needs",
                "ignore_events", "does nothing any more: the module asks for what it needs",
                "ipc_reap_interval", "does nothing any more: the module's own thread reads as data comes"));
        module.refuseSections(List.of());
        return conf;
    }

    private MerlinConf.Daemon daemon(ConfValues daemon, MerlinConf.Log log) {
        MerlinConf.Daemon conf = new MerlinConf.Daemon(
                daemon.text("address").orElse("::"),
                daemon.number("port", 0, 65_535, DEFAULT_PORT),
                daemon.path("pidfile"),
                log(daemon, log));
        daemon.replaced(Map.of(
                "merlin_user", "does nothing any more: let systemd start merlind as the user it should run as",
                "import_program", "does nothing any more: there is no separate import"));
        daemon.refuseSections(List.of("database", "object_config"));
        only(daemon.section(), "database").ifPresent(MerlinConfReader::database);
        return conf;
    }

    private static void database(ConfValues database) {
        database.warn(
                database.section().line(),
                "section 'database' is understood and not yet used: this release writes no database");
        for (String key : List.of(
                "enabled",
                "type",
                "name",
                "database",
                "user",
                "pass",
                "host",
                "port",
                "conn_str",
                "encoding",
                "logsql",
                "log_report_data",
                "log_notification",
                "log_notifications",
                "track_current",
                "commit_interval",
                "commit_queries",
                "host_perfdata_table",
                "service_perfdata_table",
                "perfdata_table")) {
            database.text(key);
        }
        database.refuseUnread();
        database.refuseSections(List.of());
    }

    private static MerlinConf.Scheduler scheduler(ConfValues scheduler, Path stateDir) {
        MerlinConf.Scheduler conf = new MerlinConf.Scheduler(
                scheduler.path("objects", stateDir.resolve("objects.cfg")),
                scheduler.path("command_pipe", stateDir.resolve("command.pipe")),
                scheduler.path("retention", stateDir.resolve("retention.dat")),
                scheduler.path("log", stateDir.resolve("scheduler.log")),
                scheduler.path("run_log"),
                scheduler.duration("interval_length", Duration.ofSeconds(60)),
                scheduler.duration("check_timeout", Duration.ofSeconds(60)),
                scheduler.number("max_concurrent_checks", 1, 10_000, 64),
                scheduler.duration("retention_interval", Duration.ofSeconds(60)));
        scheduler.refuseUnread();
        scheduler.refuseSections(List.of());
        return conf;
    }

    // --- nodes ------------------------------------------------------------------------------------------------------

    private List<MerlinConf.Node> nodes(
            ConfSection root,
            String self,
            int daemonPort,
            Duration dataTimeout,
            Duration pulse,
            MerlinConf.ObjectConfig objectConfig) {
        List<MerlinConf.Node> nodes = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        Map<String, Selection> owners = new HashMap<>();
        for (ConfSection section : root.sections()) {
            NodeRole role = ROLES.get(section.name());
            if (role == null) {
                continue;
            }
            ConfValues values = values(section);
            MerlinConf.Node node = node(values, role, daemonPort, dataTimeout, pulse, objectConfig);
            Integer before = lines.putIfAbsent(node.name(), section.line());
            if (before != null) {
                values.error(section.line(), "node '" + node.name() + "' is there twice, first in line " + before);
            }
            if (node.name().equals(self)) {
                values.error(section.line(), "node '" + self + "' is this one (node_name): leave its section out here");
            }
            for (String group : node.selection().hostgroups()) {
                Selection other = owners.putIfAbsent(group, node.selection());
                if (other != null && !other.equals(node.selection())) {
                    values.warn(
                            section.line(),
                            "hostgroup '" + group + "' is also given to pollers of '" + other
                                    + "': a host belongs to one " + "poller group, the first one gets it");
                }
            }
            nodes.add(node);
        }
        return nodes;
    }

    private MerlinConf.Node node(
            ConfValues values,
            NodeRole role,
            int daemonPort,
            Duration dataTimeout,
            Duration pulse,
            MerlinConf.ObjectConfig inherited) {
        ConfSection section = values.section();
        String node = section.title();
        if (!NODE_NAME.matcher(node).matches()) {
            values.error(
                    section.line(),
                    node.isEmpty()
                            ? "a " + section.name() + " without a name: write " + section.name() + " NAME {"
                            : "'" + node + "' is no node name: 1 to 64 letters, digits, dots, dashes and underscores");
            node = node.isEmpty() ? "unnamed in line " + section.line() : node;
        }
        List<String> hostgroups = role == NodeRole.POLLER ? values.names("hostgroup", "hostgroups") : List.of();
        if (role == NodeRole.POLLER && hostgroups.isEmpty()) {
            values.error(section.line(), "poller '" + node + "' has no hostgroup: write hostgroup = NAME, NAME;");
        }
        if (role == NodeRole.PEER) {
            values.replaced(Map.of(
                    "hostgroup", "does nothing for a peer: only pollers have hostgroups",
                    "hostgroups", "does nothing for a peer: only pollers have hostgroups"));
        }
        Duration timeout = values.duration("data_timeout", dataTimeout);
        requireLonger(values, "data_timeout", timeout, pulse);
        MerlinConf.Node read = new MerlinConf.Node(
                node,
                role,
                values.text("address", "host").orElse(node),
                values.number("port", 1, 65_535, daemonPort == 0 ? DEFAULT_PORT : daemonPort),
                values.flag("connect", true),
                timeout,
                Selection.of(hostgroups),
                values.flag("takeover", true),
                values.flag("notifies", role == NodeRole.POLLER),
                only(section, "object_config").map(this::objectConfig).orElse(inherited));
        values.replaced(Map.of(
                "encrypted", TLS_INSTEAD,
                "encryption", TLS_INSTEAD,
                "publickey", TLS_INSTEAD,
                "uuid", "is not needed any more: a node is known by the name in its certificate",
                "fixed_srcport", "is not needed any more: nodes are told apart by their names",
                "auto_delete", "is understood and not yet used: a silent poller stays configured",
                "accept_runcmd", "is understood and not yet used: remote test commands are not run",
                "max_sync_attempts", "is ignored, as it was before"));
        only(section, "sync")
                .ifPresent(sync -> sync.warn(
                        sync.section().line(),
                        "section 'sync' is understood and not yet used: it comes with configuration sync"));
        values.refuseUnread();
        values.refuseSections(List.of("object_config", "sync"));
        return read;
    }

    private MerlinConf.ObjectConfig objectConfig(ConfSection root, ConfSection daemon) {
        Optional<ConfValues> section = only(daemon, "object_config").or(() -> only(root, "object_config"));
        return section.map(this::objectConfig).orElse(MerlinConf.ObjectConfig.NONE);
    }

    private MerlinConf.ObjectConfig objectConfig(ConfValues values) {
        Map<String, String> extra = new LinkedHashMap<>();
        Set<String> commands = new HashSet<>(Set.of("push", "fetch", "pull"));
        for (ConfSection.Entry entry : values.section().entries()) {
            if (!commands.contains(entry.key())) {
                extra.put(entry.key(), entry.value());
            }
        }
        Optional<String> push = values.text("push").filter(command -> !command.equals("no"));
        Optional<String> fetch = values.text("fetch", "pull").filter(command -> !command.equals("no"));
        values.refuseSections(List.of());
        if (push.isPresent() || fetch.isPresent()) {
            values.warn(
                    values.section().line(),
                    "the commands of 'object_config' are understood and not yet run: they come with configuration sync");
        }
        return new MerlinConf.ObjectConfig(push, fetch, extra);
    }
}
