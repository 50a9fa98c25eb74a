package org.merlin.module.quartz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.merlin.module.quartz.check.CheckRunner;
import org.merlin.module.quartz.check.RunLog;
import org.merlin.module.quartz.check.SideCommands;
import org.merlin.module.quartz.command.CommandPipe;
import org.merlin.module.quartz.history.NagiosLog;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.retention.Retained;
import org.merlin.module.quartz.retention.Retention;
import org.merlin.module.quartz.schedule.CheckSchedule;
import org.merlin.module.quartz.state.Finding;
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
    /** After this the module is started again where it could not be after a reload. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedScheduler.class);

    private final MerlinConf.Scheduler files;
    private final BrokerFactory brokers;
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
    private final Edition.Lasting lasting;
    private final CoreLoop loop;
    private final CommandPipe pipe;
    /** Replaced on the core's thread. */
    private volatile Edition edition;
    /** What a reload brought and whose module did not start yet. On the core's thread. */
    private Optional<Edition> waiting = Optional.empty();

    private long triedNanos;
    private long savedNanos;
    private long savedChanges;
    private long clockOffsetMillis;
    private boolean closed;

    private EmbeddedScheduler(MerlinConf conf, Inventory inventory, BrokerFactory brokers, Clock clock, NanoClock nanos)
            throws IOException {
        this.files = conf.scheduler();
        this.brokers = brokers;
        this.clock = clock;
        this.nanos = nanos;
        makeDirectories(files);
        CommandPipe.make(files.commandPipe());
        retention = new Retention(files.retention());
        Retained retained = retention.read();
        runLog = RunLog.open(files.runLog(), conf.nodeName());
        log = NagiosLog.open(files.log());
        runner = new CheckRunner(conf.nodeName(), runLog);
        schedule = new CheckSchedule(runner, files.maxConcurrentChecks(), clock.getZone());
        sideCommands = new SideCommands(conf.nodeName(), this::log);
        loop = new CoreLoop(nanos, now -> edition.core().onTurn(now), this::tick);
        lasting = new Edition.Lasting(schedule, runner, sideCommands, log, clock, nanos, this::save, loop::wake);
        log("Merlin scheduler " + VERSION + " starting... (PID="
                + ProcessHandle.current().pid() + ")");
        log("Local time is " + new Date(clock.millis()));
        log("LOG VERSION: 2.0");
        edition = edition(conf, inventory);
        edition.start(retained, brokers);
        edition.begin(retained, this::found);
        savedNanos = nanos.nanos();
        clockOffsetMillis = clockOffset();
        loop.start();
        schedule.start();
        pipe = CommandPipe.open(
                files.commandPipe(), given -> loop.submit(() -> edition.core().given(given)));
        LOG.info(
                "MRL-3000 {} is ready: {} hosts, {} services, {} of them known from before; commands at {}",
                conf.nodeName(),
                inventory.hosts(),
                inventory.services(),
                retained.objects().size(),
                files.commandPipe());
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

    private Edition edition(MerlinConf conf, Inventory inventory) {
        return new Edition(conf, inventory, "quartz " + VERSION, lasting);
    }

    private void found(String name, Finding finding, long dueMillis) {
        loop.submit(() -> edition.core().found(name, finding, dueMillis));
    }

    private void log(String line) {
        log.line(clock.millis() / 1000, line);
    }

    private static void makeDirectories(MerlinConf.Scheduler settings) throws IOException {
        for (Path file : new Path[] {settings.commandPipe(), settings.retention(), settings.log()}) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
    }

    /** The present state of an object. Any thread. */
    public ObjectState state(int index) {
        return edition.core().state(index);
    }

    /** Whether its own thread runs; false after an error that no catch can mend, and after {@link #close}. */
    boolean isAlive() {
        return loop.isAlive();
    }

    // --- another configuration ---------------------------------------------------------------------------------------

    /**
     * Goes on by another configuration of the same node, in the same process: states and all that is known of objects that are in
     * both stays, checks that run are not disturbed, and commands wait. Returns when that is done. Not on the core's thread.
     *
     * @param conf whose files (pipe, logs, retention) are not looked at: those of the start stay
     */
    public void reload(MerlinConf conf, Inventory inventory) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        loop.submit(() -> {
            try {
                log("Caught SIGHUP, restarting...");
                replaceBy(edition(conf, inventory));
            } finally {
                done.countDown();
            }
        });
        while (!done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && loop.isAlive()) {
            LOG.debug("the reload of {} takes its time", conf.nodeName());
        }
    }

    /** Closes the module, and has the next edition take over; where its module does not start, the former goes on without one. */
    private void replaceBy(Edition next) {
        Edition former = edition;
        Retained known;
        waiting = Optional.of(next);
        triedNanos = nanos.nanos();
        try {
            former.close("scheduler reloads");
            known = former.core().snapshot().get();
            next.startAfter(known, brokers);
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            LOG.error(
                    "MRL-3023 the module does not start after the reload; checks go on without it as before, and it is tried"
                            + " again in {} s: {}",
                    TimeUnit.NANOSECONDS.toSeconds(AGAIN_NANOS),
                    e.toString());
            return;
        }
        edition = next;
        waiting = Optional.empty();
        next.goOn(known, this::found);
        save();
        LOG.info(
                "MRL-3002 {} has read its configuration anew: {} hosts, {} services; before {} hosts, {} services",
                next.conf().nodeName(),
                next.inventory().hosts(),
                next.inventory().services(),
                former.inventory().hosts(),
                former.inventory().services());
    }

    private void tick() {
        edition.core().tick();
        long now = nanos.nanos();
        if (waiting.isPresent() && now - triedNanos >= AGAIN_NANOS) {
            replaceBy(edition(waiting.get().conf(), waiting.get().inventory()));
        }
        long between = edition.conf().scheduler().retentionInterval().toNanos();
        if (now - savedNanos >= between && edition.core().changes() != savedChanges) {
            save();
        }
        long moved = clockOffset() - clockOffsetMillis;
        if (Math.abs(moved) > CLOCK_SET_MILLIS) {
            clockOffsetMillis += moved;
            edition.core().clockSet(moved);
        }
    }

    // --- what is kept ------------------------------------------------------------------------------------------------

    /** How far the clock of the day is ahead of the one that never goes back. */
    private long clockOffset() {
        return clock.millis() - TimeUnit.NANOSECONDS.toMillis(nanos.nanos());
    }

    /** Writes the retention file on its own thread, unless it is being written. On the core's thread. */
    private void save() {
        if (saving.compareAndSet(false, true)) {
            savedNanos = nanos.nanos();
            savedChanges = edition.core().changes();
            Supplier<Retained> snapshot = edition.core().snapshot();
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
                    files.retention(),
                    e.toString());
        }
    }

    private void closePipe() {
        try {
            pipe.close();
        } catch (IOException e) {
            LOG.debug("command pipe {} could not be closed", files.commandPipe(), e);
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
            log("Caught the signal to stop, shutting down...");
            Supplier<Retained> snapshot = edition.core().snapshot(); // this thread is the core now
            edition.close("scheduler stops");
            retentionThread.shutdown();
            if (!retentionThread.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("MRL-3011 an earlier write of the retention file hangs; the last states may not be kept");
            }
            write(snapshot);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            schedule.close();
            log("Successfully shutdown... (PID=" + ProcessHandle.current().pid() + ")");
            log.close();
            runLog.close();
        }
        LOG.info("MRL-3001 {} has stopped", edition.conf().nodeName());
    }
}
