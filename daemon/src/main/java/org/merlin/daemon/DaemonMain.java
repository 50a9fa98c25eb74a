package org.merlin.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.conf.MerlinConfReader;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.LoggerFactory;

/** {@code merlind -c FILE}: reads the configuration, runs the daemon in the foreground until it is told to stop. */
public final class DaemonMain {
    private static final List<String> QUIET = List.of("com.zaxxer.hikari", "org.mariadb.jdbc", "org.flywaydb");
    private static final String USAGE = """
            Usage: merlind -c FILE
            Runs the Merlin daemon of the node that FILE (a merlin.conf) describes, in the foreground.
              -c, --config FILE   the configuration; check it with: mon config check FILE
              -h, --help          this text
            Reads FILE anew on SIGHUP, as on: mon reload. Stops on SIGTERM and SIGINT. Exit status: 0 stopped, 1 failed, 64 usage, 78 bad configuration.
            """;
    private static final int USAGE_STATUS = 64;
    private static final int CONFIG_STATUS = 78;

    private DaemonMain() {}

    /** Runs the daemon; ends the process. */
    public static void main(String[] arguments) {
        int status = 1;
        forgetNames();
        try {
            status = run(List.of(arguments), System.out, System.err);
        } catch (RuntimeException
                | Error e) { // the last resort: other threads and hooks would keep the process for ever
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(status); // what must be closed is; shutdown hooks are for the signal's way only
    }

    /** Whoever connects again must see where a name leads now; the JVM would hold on to what it was, for 30 s. Before the first look-up. */
    private static void forgetNames() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("-h") || arguments.contains("--help")) {
            out.print(USAGE);
            return 0;
        }
        if (arguments.size() != 2 || !List.of("-c", "--config").contains(arguments.get(0))) {
            err.print(USAGE);
            return USAGE_STATUS;
        }
        MerlinConfReader.Report report = MerlinConfReader.read(Path.of(arguments.get(1)));
        if (report.conf().isEmpty()) {
            report.problems().forEach(err::println);
            return CONFIG_STATUS;
        }
        return run(report.conf().get(), report.problems(), err);
    }

    private static int run(MerlinConf conf, List<ConfProblem> warnings, PrintStream err) {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        boolean[] bug = new boolean[1];
        CompletableFuture<Daemon> started = new CompletableFuture<>();
        HangUp.whenTold(() -> started.thenAccept(Daemon::reload)); // one that comes too early waits
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            await(stopped);
        }));
        try {
            logTo(conf.daemon().log());
            Journal journal = new Journal(NanoClock.SYSTEM);
            warnings.forEach(warning -> journal.warn(LogEvent.CONF_WARNING, warning));
            Daemon daemon = Daemon.assemble(conf, NanoClock.SYSTEM, DaemonMain::levelOf, () -> {
                bug[0] = true;
                stop.countDown();
            });
            try {
                started.complete(daemon);
                writePid(conf);
                await(stop);
            } finally {
                daemon.close();
            }
            return bug[0] ? 1 : 0;
        } catch (IOException | IllegalStateException e) {
            err.println("merlind: " + e.getMessage());
            return 1;
        } finally {
            stopped.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void writePid(MerlinConf conf) throws IOException {
        if (conf.daemon().pidFile().isPresent()) {
            Files.writeString(
                    conf.daemon().pidFile().get(), ProcessHandle.current().pid() + "\n");
        }
    }

    /** Sets logging up in code: no file to search for, and a start that is not slowed down by one. */
    static void logTo(MerlinConf.Log log) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = appender(log);
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        QUIET.forEach(name -> context.getLogger(name).setLevel(Level.OFF)); // what they have to say our own lines say
        root.addAppender(appender);
        context.getLogger("io.netty.resolver.dns")
                .setLevel(Level.ERROR); // whoever finds its port could fill the log with forged answers
        levelOf(log);
    }

    private static void levelOf(MerlinConf.Log log) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("merlind").setLevel(level(log.level()));
        context.getLogger("org.merlin").setLevel(level(log.level()));
    }

    private static OutputStreamAppender<ILoggingEvent> appender(MerlinConf.Log log) {
        if (log.file().isPresent()) {
            FileAppender<ILoggingEvent> file = new FileAppender<>();
            file.setFile(log.file().get().toString());
            return file;
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget(log.stdout() ? "System.out" : "System.err");
        return console;
    }

    private static Level level(String word) {
        return word.equals("err") ? Level.ERROR : Level.toLevel(word.toUpperCase(Locale.ROOT));
    }
}
