package org.merlin.module.quartz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Date;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.merlin.module.Broker;
import org.merlin.module.quartz.check.CheckRunner;
import org.merlin.module.quartz.check.Macros;
import org.merlin.module.quartz.check.RunLog;
import org.merlin.module.quartz.check.SideCommands;
import org.merlin.module.quartz.command.CommandPipe;
import org.merlin.module.quartz.history.NagiosLog;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notify.NotificationRules;
import org.merlin.module.quartz.notify.Notifier;
import org.merlin.module.quartz.notify.Outlet;
import org.merlin.module.quartz.notify.Program;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.retention.Retained;
import org.merlin.module.quartz.retention.Retention;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.state.Board;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the scheduler: the only place that knows all concrete classes, but for the module. Started and closed by one thread.
 */
public final class EmbeddedScheduler implements AutoCloseable {
    private static final String VERSION = "0.1.0";
    /** A clock that was set by more than this moves all due times. */
    private static final long CLOCK_SET_MILLIS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedScheduler.class);

    private final MerlinConf conf;
    private final Clock clock;
    private final NanoClock nanos;
    private final RunLog runLog;
    private final NagiosLog log;
    private final Retention retention;
    private final ExecutorService retentionThread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "retention");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicBoolean saving = new AtomicBoolean();
    private final CheckRunner runner;
    private final SideCommands sideCommands;
    private final CheckSchedule schedule;
    private final Core core;
    private final CoreLoop loop;
    private final Broker broker;
    private final CommandPipe pipe;
    private long savedNanos;
    private long savedChanges;
    private long clockOffsetMillis;
    private boolean closed;

    private EmbeddedScheduler(MerlinConf conf, Inventory inventory, BrokerFactory brokers, Clock clock, NanoClock nanos)
            throws IOException {
        this.conf = conf;
        this.clock = clock;
        this.nanos = nanos;
        MerlinConf.Scheduler settings = conf.scheduler();
        makeDirectories(settings);
        CommandPipe.make(settings.commandPipe());
        retention = new Retention(settings.retention());
        Retained retained = retention.read();
        runLog = RunLog.open(settings.runLog(), conf.nodeName());
        log = NagiosLog.open(settings.log());
        Board board = new Board(inventory.size());
        Macros macros = new Macros(inventory, board::get, clock.getZone());
        runner = new CheckRunner(inventory, macros, settings.checkTimeout(), conf.nodeName(), runLog);
        schedule = new CheckSchedule(inventory, runner, settings.maxConcurrentChecks(), clock.getZone());
        Agenda agenda = new Agenda(inventory, schedule, settings.intervalLength());
        Notes.Log lines = line -> log.line(clock.millis() / 1000, line);
        Program program = new Program();
        Notes notes = new Notes(inventory, board, lines, clock);
        sideCommands = new SideCommands(conf.nodeName(), lines::line);
        NotificationRules rules = new NotificationRules(settings.intervalLength(), clock.getZone());
        Notifier notifier =
                new Notifier(inventory, board, program, notes, rules, macros, outlet(sideCommands, lines), clock);
        core = new Core(inventory, board, program, notes, notifier, agenda, schedule, log, clock, this::save);
        loop = new CoreLoop(nanos, core::onTurn, this::tick);
        core.log("Merlin scheduler " + VERSION + " starting... (PID="
                + ProcessHandle.current().pid() + ")");
        core.log("Local time is " + new Date(clock.millis()));
        core.log("LOG VERSION: 2.0");
        core.restore(retained);
        QuartzPort port = new QuartzPort(
                inventory, "quartz " + VERSION, conf.scheduler().checkTimeout(), core, notes, notifier, loop::wake);
        broker = brokers.start(conf, port, retained.memory(), core.revisions(), clock, nanos);
        schedule.hook(broker, (index, finding, dueMillis) -> loop.submit(() -> core.found(index, finding, dueMillis)));
        core.begin(broker, retained);
        savedNanos = nanos.nanos();
        clockOffsetMillis = clockOffset();
        loop.start();
        schedule.start();
        pipe = CommandPipe.open(settings.commandPipe(), given -> loop.submit(() -> core.given(given)));
        LOG.info(
                "MRL-3000 {} is ready: {} hosts, {} services, {} of them known from before; commands at {}",
                conf.nodeName(),
                inventory.hosts(),
                inventory.services(),
                retained.objects().size(),
                settings.commandPipe());
    }

    /**
     * Starts a scheduler with its module.
     *
     * @throws IOException if a file or pipe that it needs cannot be had
     */
    public static EmbeddedScheduler start(
            MerlinConf conf, Inventory inventory, BrokerFactory brokers, Clock clock, NanoClock nanos)
            throws IOException {
        return new EmbeddedScheduler(conf, inventory, brokers, clock, nanos);
    }

    private static Outlet outlet(SideCommands commands, Notes.Log lines) {
        return new Outlet() {
            @Override
            public void run(String what, String line) {
                commands.run(what, line);
            }

            @Override
            public void log(String line) {
                lines.line(line);
            }
        };
    }

    private static void makeDirectories(MerlinConf.Scheduler settings) throws IOException {
        for (Path file : new Path[] {settings.commandPipe(), settings.retention(), settings.log()}) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
    }

    /** The present state of an object. Any thread. */
    public ObjectState state(int index) {
        return core.state(index);
    }

    /** Whether its own thread runs; false after an error that no catch can mend, and after {@link #close}. */
    boolean isAlive() {
        return loop.isAlive();
    }

    private void tick() {
        core.tick();
        long now = nanos.nanos();
        if (now - savedNanos >= conf.scheduler().retentionInterval().toNanos() && core.changes() != savedChanges) {
            save();
        }
        long moved = clockOffset() - clockOffsetMillis;
        if (Math.abs(moved) > CLOCK_SET_MILLIS) {
            clockOffsetMillis += moved;
            core.clockSet(moved);
        }
    }

    /** How far the clock of the day is ahead of the one that never goes back. */
    private long clockOffset() {
        return clock.millis() - TimeUnit.NANOSECONDS.toMillis(nanos.nanos());
    }

    /** Writes the retention file on its own thread, unless it is being written. On the core's thread. */
    private void save() {
        if (saving.compareAndSet(false, true)) {
            savedNanos = nanos.nanos();
            savedChanges = core.changes();
            Supplier<Retained> snapshot = core.snapshot();
            retentionThread.execute(() -> {
                try {
                    write(snapshot);
                } finally {
                    saving.set(false);
                }
            });
        }
    }

    private void write(Supplier<Retained> snapshot) {
        try {
            retention.write(snapshot.get());
        } catch (IOException e) {
            LOG.warn(
                    "MRL-3011 the retention file {} could not be written, the former one stays: {}",
                    conf.scheduler().retention(),
                    e.toString());
        }
    }

    private void closePipe() {
        try {
            pipe.close();
        } catch (IOException e) {
            LOG.debug("command pipe {} could not be closed", conf.scheduler().commandPipe(), e);
        }
    }

    /** Stops: no further check, those that run are abandoned; states are kept. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            schedule.standby();
            runner.close();
            closePipe();
            loop.stop();
            sideCommands.close();
            core.log("Caught the signal to stop, shutting down...");
            Supplier<Retained> snapshot = core.snapshot(); // this thread is the core now
            broker.close();
            retentionThread.shutdown();
            if (!retentionThread.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("MRL-3011 an earlier write of the retention file hangs; the last states may not be kept");
            }
            write(snapshot);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            schedule.close();
            core.log("Successfully shutdown... (PID=" + ProcessHandle.current().pid() + ")");
            log.close();
            runLog.close();
        }
        LOG.info("MRL-3001 {} has stopped", conf.nodeName());
    }
}
