package org.merlin.module.quartz;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.merlin.module.BrokerModule;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a scheduler until the process is told to stop, and has it reload when told so. Confined to the main thread. */
final class Foreground {
    private static final int FAILED_STATUS = 1;
    private static final long LOOK_MILLIS = 1000;
    /** A stop that takes longer, because a disk hangs perhaps, is cut short. */
    private static final long LONGEST_STOP_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

    private final Path conf;
    private final Wishes wishes;
    private final PrintStream err;
    private Setup setup;

    private Foreground(Path conf, Setup setup, Wishes wishes, PrintStream err) {
        this.conf = conf;
        this.wishes = wishes;
        this.setup = setup;
        this.err = err;
    }

    /**
     * Runs a scheduler; returns the exit status.
     *
     * @param conf a merlin.conf, which is read again at each reload
     * @throws ConfException if it cannot begin by this configuration
     */
    static int run(Path conf, PrintStream err) throws ConfException {
        Wishes wishes = new Wishes();
        boolean heard = HangUp.handle(wishes::reload); // first: before this the signal ends the process
        Foreground foreground = new Foreground(conf, Setup.read(conf, Optional.empty()), wishes, err);
        return foreground.run(heard);
    }

    private int run(boolean heard) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            wishes.stop();
            waitForMain();
        }));
        LogSetup.apply(setup.conf().module().log());
        say(setup);
        if (!heard) {
            LOG.warn("MRL-3024 this process was started with SIGHUP ignored, by nohup perhaps: it cannot reload");
        }
        try {
            EmbeddedScheduler scheduler = EmbeddedScheduler.start(
                    setup.conf(), setup.inventory(), BrokerModule::start, Clock.systemDefaultZone(), NanoClock.SYSTEM);
            return run(scheduler);
        } catch (UncheckedIOException e) {
            LOG.error("MRL-3098 the scheduler ends: {}", e.getMessage());
            return FAILED_STATUS;
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            LOG.error("MRL-3098 the scheduler ends", e);
            err.println("merlin-scheduler: " + e.getMessage());
            return FAILED_STATUS;
        } catch (InterruptedException e) {
            return FAILED_STATUS;
        }
    }

    private int run(EmbeddedScheduler scheduler) throws IOException, InterruptedException {
        while (scheduler.isAlive()) {
            Wishes.Wish wish = wishes.next(LOOK_MILLIS);
            if (wish == Wishes.Wish.STOP) {
                scheduler.close();
                return 0;
            } else if (wish == Wishes.Wish.RELOAD) {
                reload(scheduler);
            }
        }
        // not closed: what it knows may be half done, the retention file is whole
        LOG.error("MRL-3098 the scheduler's own thread has ended, and so does the scheduler");
        return FAILED_STATUS;
    }

    private void reload(EmbeddedScheduler scheduler) throws InterruptedException {
        try {
            Setup next = Setup.read(conf, Optional.empty());
            next.requireSuccessorOf(setup);
            next.leftToAStart(setup)
                    .forEach(key -> LOG.warn("MRL-3020 {}: scheduler {} is read by a start only", conf, key));
            MerlinConf.Log log = next.conf().module().log();
            if (!log.equals(setup.conf().module().log())) {
                LogSetup.apply(log);
            }
            say(next);
            scheduler.reload(next.conf(), next.inventory());
            setup = next;
        } catch (ConfException e) {
            e.problems().forEach(problem -> LOG.error("MRL-3021 {}", problem));
            LOG.error(
                    "MRL-3021 the reload is refused; {} goes on by what it read before",
                    setup.conf().nodeName());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("MRL-3099 our own fault in reading {} anew; what was read before goes on", conf, e);
        }
    }

    private static void say(Setup read) {
        read.warnings().forEach(warning -> LOG.warn("MRL-3020 {}", warning));
        if (read.waits()) {
            LOG.warn(
                    "MRL-3022 {} has no objects in {} yet and waits for its configuration from its masters: {}",
                    read.conf().nodeName(),
                    read.conf().scheduler().objects(),
                    read.conf().nodes(NodeRole.MASTER).stream()
                            .map(MerlinConf.Node::name)
                            .collect(Collectors.joining(", ")));
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
