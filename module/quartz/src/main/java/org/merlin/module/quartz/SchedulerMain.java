package org.merlin.module.quartz;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.slf4j.LoggerFactory;

/** {@code merlin-scheduler -c FILE}: reads configuration and objects, runs the scheduler in the foreground until it is told to stop. */
public final class SchedulerMain {
    private static final String USAGE = """
            Usage: merlin-scheduler -c FILE
                   merlin-scheduler --check -c FILE [--objects PATH]
            Runs the embedded scheduler of the node that FILE (a merlin.conf) describes, in the foreground: it checks the
            objects of its section scheduler { objects = ... } and shares the work with the other nodes.
              -c, --config FILE   the configuration; check it with: mon config check FILE
              --check             reads configuration and objects as a start does, says everything that is wrong, and ends
              --objects PATH      with --check: the object file, or folder of *.cfg, to be read instead
              -h, --help          this text
            Stops on SIGTERM and SIGINT. Reads configuration and objects anew on SIGHUP; if they are wrong it says so in its
            log and goes on. Exit status: 0 stopped, or nothing wrong; 1 failed, 64 usage, 78 bad configuration or objects.
            """;
    private static final int FAILED_STATUS = 1;
    private static final int USAGE_STATUS = 64;
    private static final int CONFIG_STATUS = 78;

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

    /** What it was started with. */
    private record Arguments(Path conf, boolean check, Optional<Path> objects) {
        /** Empty where they make no sense. */
        static Optional<Arguments> of(List<String> words) {
            Path conf = null;
            Path objects = null;
            boolean check = false;
            try {
                for (Iterator<String> next = words.iterator(); next.hasNext(); ) {
                    switch (next.next()) {
                        case "-c", "--config" -> conf = Path.of(next.next());
                        case "--objects" -> objects = Path.of(next.next());
                        case "--check" -> check = true;
                        default -> {
                            return Optional.empty();
                        }
                    }
                }
            } catch (NoSuchElementException | InvalidPathException e) {
                return Optional.empty();
            }
            return conf == null || objects != null && !check
                    ? Optional.empty()
                    : Optional.of(new Arguments(conf, check, Optional.ofNullable(objects)));
        }
    }

    static int run(List<String> words, PrintStream out, PrintStream err) {
        if (words.contains("-h") || words.contains("--help")) {
            out.print(USAGE);
            return 0;
        }
        Optional<Arguments> arguments = Arguments.of(words);
        if (arguments.isEmpty()) {
            err.print(USAGE);
            return USAGE_STATUS;
        }
        Arguments given = arguments.get();
        try {
            return given.check()
                    ? tell(Setup.read(given.conf(), given.objects()).warnings(), out, err)
                    : Foreground.run(given.conf(), err);
        } catch (ConfException e) {
            if (given.check()) {
                return tell(e.problems(), out, err);
            }
            err.println(e.getMessage());
            return CONFIG_STATUS;
        }
    }

    private static int tell(List<ConfProblem> problems, PrintStream out, PrintStream err) {
        problems.forEach(err::println);
        long errors = problems.stream().filter(ConfProblem::error).count();
        out.println("Total errors: " + errors);
        return errors == 0 ? 0 : CONFIG_STATUS;
    }
}
