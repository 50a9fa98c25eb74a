package org.merlin.module.quartz;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.merlin.module.BrokerModule;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code merlin-scheduler -c FILE}: reads configuration and objects, runs the scheduler in the foreground until it is told to stop. */
public final class SchedulerMain {
    private static final String USAGE = """
            Usage: merlin-scheduler -c FILE
            Runs the embedded scheduler of the node that FILE (a merlin.conf) describes, in the foreground: it checks the
            objects of its section scheduler { objects = ... } and shares the work with the other nodes.
              -c, --config FILE   the configuration; check it with: mon config check FILE
              -h, --help          this text
            Stops on SIGTERM and SIGINT. Exit status: 0 stopped, 1 failed, 64 usage, 78 bad configuration or objects.
            """;
    private static final int FAILED_STATUS = 1;
    private static final int USAGE_STATUS = 64;
    private static final int CONFIG_STATUS = 78;
    /** A stop that takes longer, because a disk hangs perhaps, is cut short. */
    private static final long LONGEST_STOP_SECONDS = 30;

    private SchedulerMain() {}

    /** Runs the scheduler; ends the process. */
    public static void main(String[] arguments) {
        int status = FAILED_STATUS;
        try {
            status = run(List.of(arguments), System.out, System.err);
        } catch (RuntimeException | Error e) {
            LoggerFactory.getLogger(SchedulerMain.class).error("MRL-3098 the scheduler ends by a fault of ours", e);
        } finally {
            Runtime.getRuntime().halt(status); // what must be closed is; the shutdown hook waits for this
        }
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("-h") || arguments.contains("--help")) {
            out.print(USAGE);
            return 0;
        }
        if (arguments.size() != 2 || !List.of("-c", "--config").contains(arguments.get(0))) {
            err.print(USAGE);
            return USAGE_STATUS;
        }
        try {
            MerlinConf conf = MerlinConf.load(Path.of(arguments.get(1)));
            Inventory inventory = objects(conf);
            LogSetup.apply(conf.module().log());
            return run(conf, inventory, err);
        } catch (ConfException e) {
            err.println(e.getMessage());
            return CONFIG_STATUS;
        }
    }

    private static Inventory objects(MerlinConf conf) throws ConfException {
        Path file = conf.scheduler().objects();
        try {
            return Inventory.read(file);
        } catch (IOException e) {
            throw new ConfException(List.of(new ConfProblem(
                    file.toString(),
                    0,
                    true,
                    "the object file cannot be read; scheduler { objects = ... } says where it is")));
        }
    }

    private static int run(MerlinConf conf, Inventory inventory, PrintStream err) {
        Logger log = LoggerFactory.getLogger(SchedulerMain.class);
        inventory.warnings().forEach(warning -> log.warn("MRL-3020 {}", warning));
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            waitForMain();
        }));
        try {
            EmbeddedScheduler scheduler = EmbeddedScheduler.start(
                    conf, inventory, BrokerModule::start, Clock.systemDefaultZone(), NanoClock.SYSTEM);
            while (!stop.await(1, TimeUnit.SECONDS)) {
                if (!scheduler.isAlive()) {
                    // not closed: what it knows may be half done, the retention file is whole
                    log.error("MRL-3098 the scheduler's own thread has ended, and so does the scheduler");
                    return FAILED_STATUS;
                }
            }
            scheduler.close();
            return 0;
        } catch (UncheckedIOException e) {
            log.error("MRL-3098 the scheduler ends: {}", e.getMessage());
            return FAILED_STATUS;
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            log.error("MRL-3098 the scheduler ends", e);
            err.println("merlin-scheduler: " + e.getMessage());
            return FAILED_STATUS;
        } catch (InterruptedException e) {
            return FAILED_STATUS;
        }
    }

    /** The JVM would end with the signal's status once all hooks have returned; the main thread ends it with ours. */
    private static void waitForMain() {
        try {
            TimeUnit.SECONDS.sleep(LONGEST_STOP_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
