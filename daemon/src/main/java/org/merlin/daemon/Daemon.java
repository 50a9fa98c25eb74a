package org.merlin.daemon;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogFullException;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.chronicle.ChronicleEventLog;
import org.merlin.confsync.command.HookProcesses;
import org.merlin.daemon.cluster.Clocks;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.cluster.Transport;
import org.merlin.daemon.conf.Reload;
import org.merlin.daemon.conf.SilentPollers;
import org.merlin.daemon.ipc.AdminAnswers;
import org.merlin.daemon.ipc.AdminSocket;
import org.merlin.daemon.ipc.ModuleSocket;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.net.Names;
import org.merlin.daemon.net.NodeTransport;
import org.merlin.daemon.oconf.ConfigAnswers;
import org.merlin.daemon.oconf.ConfigKeeper;
import org.merlin.daemon.oconf.HookedParts;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.daemon.sink.Sink;
import org.merlin.daemon.sink.sql.SqlHistory;
import org.merlin.daemon.store.CheckpointFile;
import org.merlin.daemon.store.HookFile;
import org.merlin.daemon.store.LogThread;
import org.merlin.daemon.store.RingFile;
import org.merlin.daemon.store.StateFile;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.time.WallClock;

/** Builds the daemon: the only place that knows all concrete classes. Closes in reverse order. */
final class Daemon implements AutoCloseable {
    private static final long LEAST_SEGMENT_BYTES = 4 << 20;
    /** Shorter in tests only. */
    private static final Duration HOOK_LIMIT =
            Duration.ofSeconds(Long.getLong("merlin.hook.seconds", HookProcesses.LIMIT.toSeconds()));

    private final EventLoopGroup loop;
    private final ExecutorService files;
    private final LogThread log;
    private final Names names;
    private final NodeTransport transport;
    private final HookProcesses hooks;
    private final Optional<ConfigKeeper> configs;
    private final Optional<Sink> sink;
    private final ModuleSocket moduleSocket;
    private final AdminSocket adminSocket;
    private final Reload reload;

    private Daemon(
            EventLoopGroup loop,
            ExecutorService files,
            LogThread log,
            Names names,
            NodeTransport transport,
            HookProcesses hooks,
            Optional<ConfigKeeper> configs,
            Optional<Sink> sink,
            ModuleSocket moduleSocket,
            AdminSocket adminSocket,
            Reload reload) {
        this.loop = loop;
        this.files = files;
        this.log = log;
        this.names = names;
        this.transport = transport;
        this.hooks = hooks;
        this.configs = configs;
        this.sink = sink;
        this.moduleSocket = moduleSocket;
        this.adminSocket = adminSocket;
        this.reload = reload;
    }

    /**
     * Starts everything; returns when the sockets are ready.
     *
     * @param onLog told how much is to be logged when that changes; on the cluster loop
     * @param onBug called from any thread when a fault of ours makes going on unsafe
     * @throws IOException if a socket, a certificate or the log cannot be opened, saying which and why
     */
    static Daemon assemble(MerlinConf conf, NanoClock clock, Consumer<MerlinConf.Log> onLog, Runnable onBug)
            throws IOException {
        Path state = conf.stateDir();
        Files.createDirectories(state);
        Journal journal = new Journal(clock);
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Names names = new Names(conf.resolvers(), loop.next(), clock, new Random());
        // TLS takes as long to load as everything else together: beside it, and the module need not wait for it
        FutureTask<NodeTransport> transports =
                new FutureTask<>(() -> new NodeTransport(conf, loop, names, clock, journal));
        new Thread(transports, "merlin-tls").start();
        EventLog eventLog = open(state.resolve("log"), settings(conf));
        ExecutorService files = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "merlin-files");
            thread.setDaemon(true);
            return thread;
        });
        LogThread log = new LogThread(
                eventLog,
                new CheckpointFile(state.resolve("log")),
                new StateFile(state.resolve("log")),
                files,
                loop.next(),
                clock,
                journal,
                onBug);
        Clocks clocks = new Clocks(clock, WallClock::micros, new SplittableRandom());
        Transport dialling = (node, address, port, dialler) -> ready(transports).dial(node, address, port, dialler);
        Cluster cluster =
                new Cluster(conf, dialling, log, new RingFile(state.resolve("rings"), files), clocks, journal);
        try {
            cluster.start();
        } catch (IllegalStateException e) {
            throw new IOException(
                    state.resolve("log") + ": " + e.getMessage() + "; move that folder away and start again: what the"
                            + " other nodes have of it comes back, what only this node had is lost",
                    e);
        }
        log.start(cluster);
        HookProcesses hooks = new HookProcesses(
                hookEnvironment(conf), HOOK_LIMIT, answer -> loop.next().execute(guarded(answer, journal, onBug)));
        cluster.configs().runWith(hooks, new HookFile(state.resolve("hooks"), files));
        Optional<ConfigKeeper> configs = conf.syncs()
                ? Optional.of(ConfigKeeper.open(
                        conf,
                        (node, code, body) -> loop.next().execute(() -> cluster.sendConfig(node, code, body)),
                        clock,
                        journal))
                : Optional.empty();
        HookedParts parts = new HookedParts(conf, journal);
        cluster.configWith(parts);
        cluster.configs().partsFrom(parts);
        SinkKnowledge knowledge = new SinkKnowledge(conf, cluster, loop.next());
        configs.ifPresent(keeper -> {
            keeper.watch(knowledge::onRuns);
            cluster.configWith(keeper);
            keeper.start(conf);
        });
        Optional<Sink> sink = conf.database()
                .map(database -> sink(conf, database, eventLog, cluster, knowledge, names, clock, journal));
        sink.ifPresent(Sink::start);
        ModuleSocket moduleSocket = ModuleSocket.open(conf.ipc(), cluster, loop, clock, journal);
        Reload reload = new Reload(
                cluster, files, loop.next(), clock, now -> await(transports).open(now, cluster), journal);
        reload.whenApplied(now -> onLog.accept(now.daemon().log()));
        reload.whenApplied(now -> names.use(now.resolvers()));
        cluster.whenSilent(new SilentPollers(cluster, reload, files, loop.next(), journal)::remove);
        AdminSocket adminSocket = AdminSocket.open(
                conf,
                new AdminAnswers(cluster, reload, clock, sink, new ConfigAnswers(configs)::answer),
                loop,
                journal);
        NodeTransport transport = await(transports);
        transport.listen(cluster);
        new Ticker(cluster, loop.next(), clock, journal, onBug).start(); // from now on we dial
        journal.info(
                LogEvent.DAEMON_READY,
                conf.nodeName(),
                conf.ipc().socket(),
                transport.localAddress(),
                conf.nodes().size(),
                eventLog.end() - eventLog.start());
        return new Daemon(loop, files, log, names, transport, hooks, configs, sink, moduleSocket, adminSocket, reload);
    }

    /** The database's writer: it opens nothing before its own thread runs, so that no start waits for a database. */
    private static Sink sink(
            MerlinConf conf,
            MerlinConf.Database database,
            EventLog log,
            Cluster cluster,
            SinkKnowledge knowledge,
            HostNames names,
            NanoClock clock,
            Journal journal) {
        Path folder = conf.stateDir().resolve("database");
        Sink sink = new Sink(
                database,
                conf.nodeName(),
                log,
                conf.stateDir().resolve("sink"),
                () -> SqlHistory.open(database, folder, conf.nodeName(), names, clock, WallClock::micros),
                knowledge,
                clock,
                WallClock::micros,
                journal);
        cluster.readBy(sink::needs, (node, status, why) -> {
            knowledge.onNode(node);
            sink.onNode(new Sink.NodeChange(node, WallClock.micros(), status.name(), why));
        });
        return sink;
    }

    /** What commands of {@code object_config} find beside our own environment; {@code mon} is ours where there is no other. */
    private static Map<String, String> hookEnvironment(MerlinConf conf) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MERLIN_NODE", conf.nodeName());
        environment.put("MERLIN_CONF", conf.file().toString());
        Optional.ofNullable(System.getProperty("merlin.bin"))
                .ifPresent(bin ->
                        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":" + bin));
        return environment;
    }

    private static Runnable guarded(Runnable answer, Journal journal, Runnable onBug) {
        return () -> {
            try {
                answer.run();
            } catch (RuntimeException | Error e) { // the loop's last resort
                journal.bug("the end of a command", e);
                onBug.run();
            }
        };
    }

    private static EventLog open(Path folder, LogSettings settings) throws IOException {
        try {
            return ChronicleEventLog.open(folder, settings);
        } catch (LogFullException e) {
            throw new IOException(e.getMessage() + ": make room and start again", e);
        }
    }

    /** Small segments where little is kept or the disk has little room: what goes, goes by the segment. */
    private static LogSettings settings(MerlinConf conf) throws IOException {
        long room = Files.getFileStore(conf.stateDir()).getUsableSpace();
        long segment = Math.min(conf.logMaxBytes() / 8, Math.max(LEAST_SEGMENT_BYTES, room / 16));
        return new LogSettings(
                Math.min(LogSettings.DEFAULT.segmentBytes(), segment), LogSettings.DEFAULT.minimumFreeBytes());
    }

    private static NodeTransport await(FutureTask<NodeTransport> loading) throws IOException {
        try {
            return loading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading certificates", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("TLS could not be set up: " + e.getCause(), e.getCause());
        }
    }

    private static NodeTransport ready(FutureTask<NodeTransport> loaded) {
        try {
            return await(loaded);
        } catch (IOException e) {
            throw new IllegalStateException("dialling begins only when the certificates are read", e);
        }
    }

    /** Reads merlin.conf anew; what comes of it is logged. Any thread. */
    void reload() {
        loop.next().execute(() -> reload.read(view -> {}));
    }

    @Override
    public void close() {
        adminSocket.close();
        moduleSocket.close();
        hooks.close();
        configs.ifPresent(ConfigKeeper::close);
        sink.ifPresent(Sink::close);
        transport.close();
        names.close();
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
        log.close();
        files.shutdown();
    }
}
