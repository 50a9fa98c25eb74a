package org.merlin.protocol.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/**
 * A merlin.conf, read and checked: complete, immutable, every default filled in, every path absolute. Module, daemon,
 * embedded scheduler and command line read the same file and each takes what it needs.
 *
 * @param file the file this was read from, absolute
 * @param nodeName name of this node ({@code node_name}; the host name where it is not set)
 * @param stateDir directory below which everything of this node lives
 * @param ipc the Unix socket between module and daemon
 * @param pulseInterval how often nodes tell each other that they live
 * @param dataTimeout silence after which a node counts as gone: max(5 s, 3 x pulse interval) where it is not set
 * @param blockedHostgroups hostgroups whose checks this node never runs ({@code ipc_blocked_hostgroups})
 * @param nodes the other nodes, in the order of the file
 * @param tls transport security between nodes
 * @param log where and how much to log
 * @param module the section {@code module}
 * @param daemon the section {@code daemon}
 * @param scheduler the section {@code scheduler}
 * @param objectConfig the global section {@code object_config}: commands for configuration sync
 * @param logMaxBytes how much the event log may take, {@code log_max_size}
 * @param backlog what is kept for our own module, and for nodes that do not say otherwise
 * @param sharing what is done where others may or may not run a check, or tell contacts
 * @param oconf the built-in sync of the object configuration
 * @param database where history and current state are written; empty for nowhere
 * @param resolvers servers that names of their domains are asked of, in the order of the file; all else is the system's
 */
public record MerlinConf(
        Path file,
        String nodeName,
        Path stateDir,
        Ipc ipc,
        Duration pulseInterval,
        Duration dataTimeout,
        List<String> blockedHostgroups,
        List<Node> nodes,
        Tls tls,
        Log log,
        Module module,
        Daemon daemon,
        Scheduler scheduler,
        ObjectConfig objectConfig,
        long logMaxBytes,
        Backlog backlog,
        Sharing sharing,
        Oconf oconf,
        Optional<Database> database,
        List<Resolver> resolvers) {

    public MerlinConf {
        blockedHostgroups = List.copyOf(blockedHostgroups);
        nodes = List.copyOf(nodes);
        resolvers = List.copyOf(resolvers);
    }

    /** With the usual bounds of log and backlogs. */
    public MerlinConf(
            Path file,
            String nodeName,
            Path stateDir,
            Ipc ipc,
            Duration pulseInterval,
            Duration dataTimeout,
            List<String> blockedHostgroups,
            List<Node> nodes,
            Tls tls,
            Log log,
            Module module,
            Daemon daemon,
            Scheduler scheduler,
            ObjectConfig objectConfig) {
        this(
                file,
                nodeName,
                stateDir,
                ipc,
                pulseInterval,
                dataTimeout,
                blockedHostgroups,
                nodes,
                tls,
                log,
                module,
                daemon,
                scheduler,
                objectConfig,
                Backlog.DEFAULT_LOG_BYTES,
                Backlog.DEFAULT,
                Sharing.DEFAULT,
                Oconf.below(stateDir),
                Optional.empty(),
                List.of());
    }

    /**
     * A server of names, section {@code resolver}: asked for the names of its domain, and for no others.
     *
     * @param domain in small letters, without a dot at either end; no two resolvers have the same
     * @param address IPv4 or IPv6 literal
     * @param port UDP and TCP
     * @param timeout within which a name must be answered, everything that this takes included
     */
    public record Resolver(String domain, String address, int port, Duration timeout) {
        public static final int DEFAULT_PORT = 53;
        public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    }

    /**
     * Where history and current state are written, section {@code database}.
     *
     * @param hosts names or addresses, tried in this order; the nodes of a Galera cluster
     * @param name of the database
     * @param url JDBC URL in place of hosts, port and name, {@code conn_str}
     * @param reportData whether the table {@code report_data} is filled
     * @param notifications whether the table {@code notification} is filled
     * @param perfdata whether performance data are written; off where the file does not say
     * @param failoverTimeout after which another node writes in place of one that is silent
     * @param keep how old history may become before it is purged; empty keeps it for ever
     */
    public record Database(
            Type type,
            List<String> hosts,
            int port,
            String name,
            String user,
            String pass,
            Optional<String> url,
            boolean reportData,
            boolean notifications,
            boolean perfdata,
            Duration failoverTimeout,
            Optional<Duration> keep) {
        public static final Duration DEFAULT_FAILOVER = Duration.ofSeconds(10);

        /** What kind of server it is. */
        public enum Type {
            /** H2, in files below {@code state_dir}. */
            EMBEDDED,
            /** MariaDB, or a cluster of them. */
            MARIADB
        }

        public Database {
            hosts = List.copyOf(hosts);
        }

        /** Without the password. */
        @Override
        public String toString() {
            return type == Type.EMBEDDED
                    ? "the embedded database"
                    : url.orElse("mariadb://" + String.join(",", hosts) + ":" + port + "/" + name)
                            .replaceAll("[?;].*", "");
        }
    }

    /**
     * The built-in sync of the object configuration: what this node sends, and where and how it takes what others send.
     *
     * @param dir folder that is sent and written, {@code oconf_dir}; default {@code state_dir/oconf.d}
     * @param given whether the file names it: a node without masters takes part only then
     * @param check command that tries a configuration beside the running one, {@code oconf_check}; the scheduler's own where it
     *     is not set
     * @param reload command that makes the scheduler read its configuration, {@code oconf_reload}; SIGHUP where it is not set
     * @param timeout within which a scheduler must be back after a reload, {@code oconf_timeout}
     * @param schedulerConfig main configuration file of Nagios or Naemon, {@code scheduler_config}; taken from the running process
     *     where it is not set
     * @param maxBytes of all files that are taken from another node, {@code oconf_max_size}
     * @param maxFiles how many, {@code oconf_max_files}
     * @param extras files and folders beside it that this node sends and takes: {@code sync} and {@code sync_peers}
     */
    public record Oconf(
            Path dir,
            boolean given,
            Optional<String> check,
            Optional<String> reload,
            Duration timeout,
            Optional<Path> schedulerConfig,
            long maxBytes,
            int maxFiles,
            List<SyncPath> extras) {
        public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
        public static final long DEFAULT_BYTES = 256L << 20;
        public static final int DEFAULT_FILES = 20_000;

        /** With the usual bounds, and a folder below the state's. */
        public static Oconf below(Path stateDir) {
            return new Oconf(
                    stateDir.resolve("oconf.d"),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    DEFAULT_TIMEOUT,
                    Optional.empty(),
                    DEFAULT_BYTES,
                    DEFAULT_FILES,
                    List.of());
        }
    }

    /**
     * A file or folder that goes with the object configuration. What other nodes send under a name is written to the path that this
     * node has for that name, and nowhere else.
     *
     * @param name equal on all nodes; letters, digits, {@code -} and {@code _}
     * @param path this node's own
     * @param toPollers whether a master sends it to its pollers, too
     */
    public record SyncPath(String name, Path path, boolean toPollers) {}

    /** Whether the object configuration is sent and taken over the nodes' own links. */
    public boolean syncs() {
        return oconf.given() || !nodes(NodeRole.MASTER).isEmpty();
    }

    /**
     * What is done where others may or may not run a check, or tell contacts.
     *
     * @param expiryGrace how long a result may be late before the next in line runs the check, {@code expiry_grace}
     * @param silentMinority whether contacts are told nothing by nodes that see less than half of their peers,
     *     {@code minority = silent}
     * @param damping for how long a node that comes and goes must show quiet at first, {@code damping}
     */
    public record Sharing(Duration expiryGrace, boolean silentMinority, Duration damping) {
        public static final Sharing DEFAULT = new Sharing(Duration.ofSeconds(30), false, Duration.ofSeconds(30));
    }

    /**
     * How much is kept for a node that is away: past a bound its oldest events go.
     *
     * @param maxBytes {@code backlog_max_size}
     * @param maxAge {@code backlog_max_age}
     * @param minFreeBytes free space on the log's disk below which its oldest go, {@code backlog_min_free}
     */
    public record Backlog(long maxBytes, Duration maxAge, long minFreeBytes) {
        public static final long DEFAULT_LOG_BYTES = 2L << 30;
        public static final Duration LONGEST = Duration.ofDays(30);
        public static final Backlog DEFAULT = new Backlog(1L << 30, Duration.ofDays(14), 256L << 20);
    }

    /**
     * Reads and checks a file.
     *
     * @throws ConfException with all its problems, if one of them is an error
     */
    public static MerlinConf load(Path file) throws ConfException {
        MerlinConfReader.Report report = MerlinConfReader.read(file);
        return report.conf().orElseThrow(() -> new ConfException(report.problems()));
    }

    /** Socket of the command line tool: {@code state_dir/admin.sock}. */
    public Path adminSocket() {
        return stateDir.resolve("admin.sock");
    }

    /** The nodes of one role, in the order of the file. */
    public List<Node> nodes(NodeRole role) {
        return nodes.stream().filter(node -> node.role() == role).toList();
    }

    /**
     * The socket on which daemon and module meet.
     *
     * @param socket path, {@code ipc_socket}; default {@code state_dir/ipc.sock}
     * @param group members of this group may connect beside root and the daemon's own user ({@code ipc_group})
     */
    public record Ipc(Path socket, Optional<String> group) {}

    /**
     * Another node.
     *
     * @param address host name or IPv4 or IPv6 literal; default is the node's name
     * @param port TCP port it listens on
     * @param connect whether we dial it
     * @param dataTimeout silence after which it counts as gone
     * @param selection the hostgroups of a poller; empty for others
     * @param takeover for pollers: whether masters run its checks while its whole group is away
     * @param notifies for pollers: whether it sends notifications itself; true for others
     * @param objectConfig commands for configuration sync with it, the global ones where it has no section of its own
     * @param backlog what is kept for it while it is away
     * @param autoDelete for pollers: how long it may be silent before it is removed from the configuration, {@code auto_delete};
     *     zero for never
     */
    public record Node(
            String name,
            NodeRole role,
            String address,
            int port,
            boolean connect,
            Duration dataTimeout,
            Selection selection,
            boolean takeover,
            boolean notifies,
            ObjectConfig objectConfig,
            Backlog backlog,
            Duration autoDelete) {
        /** With the usual backlog. */
        public Node(
                String name,
                NodeRole role,
                String address,
                int port,
                boolean connect,
                Duration dataTimeout,
                Selection selection,
                boolean takeover,
                boolean notifies,
                ObjectConfig objectConfig) {
            this(
                    name,
                    role,
                    address,
                    port,
                    connect,
                    dataTimeout,
                    selection,
                    takeover,
                    notifies,
                    objectConfig,
                    Backlog.DEFAULT,
                    Duration.ZERO);
        }
    }

    /**
     * Transport security between nodes.
     *
     * @param enabled false only after an explicit {@code tls = off}
     * @param certificate PEM chain of this node, {@code tls_certificate}; default {@code state_dir/tls/NODE.crt}
     * @param key PKCS#8 PEM, {@code tls_key}; default {@code state_dir/tls/NODE.key}
     * @param ca PEM of the CA that all nodes trust, {@code tls_ca}; default {@code state_dir/tls/ca.crt}
     */
    public record Tls(boolean enabled, Path certificate, Path key, Path ca) {}

    /**
     * Logging.
     *
     * @param file a path, or empty for standard error ({@code log_file = stderr}, the default)
     * @param stdout whether the file is standard output ({@code log_file = stdout})
     * @param level {@code err}, {@code warn}, {@code info} or {@code debug}
     */
    public record Log(Optional<Path> file, boolean stdout, String level) {}

    /**
     * Section {@code module}.
     *
     * @param notifies whether this node may send notifications while one of its masters is active
     * @param javaHome which Java the module starts inside Nagios and Naemon, {@code java_home}; the machine's where it is not set
     * @param javaOptions further options of that JVM, {@code java_options}, between blanks. The shim reads both by itself, before
     *     there is a JVM
     * @param log its own log, the global one where it has none
     */
    public record Module(boolean notifies, Optional<Path> javaHome, String javaOptions, Log log) {
        /** With the machine's Java, as it comes. */
        public Module(boolean notifies, Log log) {
            this(notifies, Optional.empty(), "", log);
        }
    }

    /**
     * Section {@code daemon}.
     *
     * @param address address to listen on: IPv4 or IPv6 literal or a name; default {@code ::} or {@code 0.0.0.0}
     * @param port TCP port, default 15551; 0 takes a free one
     * @param pidFile {@code pidfile}, if one is to be written
     * @param log its own log, the global one where it has none
     */
    public record Daemon(String address, int port, Optional<Path> pidFile, Log log) {}

    /**
     * Section {@code scheduler}: the embedded one.
     *
     * @param objects flat object file, or folder of such files; default {@link Oconf#dir} where this node takes part in the sync, else
     *     {@code state_dir/objects.cfg}, which also counts where it is there and no {@code oconf_dir} is set
     * @param commandPipe FIFO for external commands; default {@code state_dir/command.pipe}
     * @param retention file that keeps states over a restart; default {@code state_dir/retention.dat}
     * @param log log in the line forms of Nagios; default {@code state_dir/scheduler.log}
     * @param runLog one line per started check, for audits and the demo's report; none where it is not set
     * @param intervalLength length of one unit of check_interval and retry_interval; default 60 s
     * @param checkTimeout time after which a check's process is ended; default 60 s
     * @param maxConcurrentChecks how many processes may run at once; default 64
     * @param retentionInterval how often the retention file is written; default 60 s
     */
    public record Scheduler(
            Path objects,
            Path commandPipe,
            Path retention,
            Path log,
            Optional<Path> runLog,
            Duration intervalLength,
            Duration checkTimeout,
            int maxConcurrentChecks,
            Duration retentionInterval) {}

    /**
     * Commands for configuration sync, and the keys that scripts read from the same section.
     *
     * @param push command line, if set and not {@code no}
     * @param fetch command line, if set and not {@code no}
     * @param extra further keys as they stand
     * @param own whether it stands in the node's own section; the global one gets the node's name appended
     * @param refused whether the node is not to be synced where no command says how: after {@code no}, or an own section that is empty
     * @param shell whether a shell reads the command lines, {@code shell = yes}
     */
    public record ObjectConfig(
            Optional<String> push,
            Optional<String> fetch,
            Map<String, String> extra,
            boolean own,
            boolean refused,
            boolean shell) {
        public static final ObjectConfig NONE = new ObjectConfig(Optional.empty(), Optional.empty(), Map.of());

        public ObjectConfig {
            extra = Map.copyOf(extra);
        }

        /** As a global section gives it. */
        public ObjectConfig(Optional<String> push, Optional<String> fetch, Map<String, String> extra) {
            this(push, fetch, extra, false, false, false);
        }

        /** Whether no command is set and none was refused: then the built-in sync does the work. */
        public boolean builtIn() {
            return push.isEmpty() && fetch.isEmpty() && !refused;
        }
    }
}
