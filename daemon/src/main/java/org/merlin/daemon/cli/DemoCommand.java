package org.merlin.daemon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.merlin.daemon.demo.Demo;
import org.merlin.daemon.demo.DemoReport;
import org.merlin.daemon.demo.DemoSettings;
import org.merlin.daemon.demo.Fault;
import org.merlin.daemon.install.SchedulerKind;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon demo}: a whole cluster on this machine, to look at and to break. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Run a small cluster on this machine: real daemons, real schedulers, real checks, on loopback.",
            "Nodes are master1, master2, ..., poller1, ...; the masters are peers, and the hostgroup pollerN goes to pollerN."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mon demo",
            "  mon demo --duration 40s --kill master2@10s --restart master2@20s -o json",
            "  mon demo --scheduler nagios4",
            "  mon demo --masters 3 --pollers 2 --objects objects.cache --dir /tmp/demo"
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:all as promised",
            "1:a result was lost or applied twice, a check not run, or run twice outside a handover",
            "64:usage",
            "69:the scheduler is not installed"
        })
final class DemoCommand implements Callable<Integer> {
    private static final long SHOW_NANOS = 1_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(names = "--masters", defaultValue = "2", description = "How many masters (default: ${DEFAULT-VALUE}).")
    private int masters;

    @Option(names = "--pollers", defaultValue = "1", description = "How many pollers (default: ${DEFAULT-VALUE}).")
    private int pollers;

    @Option(
            names = "--scheduler",
            paramLabel = "KIND",
            description = "quartz, the embedded one (default), or nagios4 or naemon if installed.",
            defaultValue = "quartz")
    private String scheduler;

    @Option(names = "--objects", paramLabel = "FILE", description = "Flat object file; a built-in one by default.")
    private Path objects;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Empty or new folder, which is kept; a temporary one by default.")
    private Path dir;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "How long, from the moment that all is settled, e.g. 40s; until Ctrl-C by default.")
    private String duration;

    @Option(names = "--kill", paramLabel = "NODE@TIME", description = "SIGKILL a node, or NODE:daemon, NODE:scheduler.")
    private List<String> kills = List.of();

    @Option(names = "--freeze", paramLabel = "NODE@TIME", description = "SIGSTOP a node, or one of its processes.")
    private List<String> freezes = List.of();

    @Option(
            names = "--restart",
            paramLabel = "NODE@TIME",
            description = "Start what was killed, let go on what was frozen.")
    private List<String> restarts = List.of();

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    private boolean live;
    private String lastSaid = "";

    @Override
    public Integer call() throws IOException, InterruptedException, ConfException {
        PrintWriter err = spec.commandLine().getErr();
        DemoSettings settings;
        try {
            settings = settings();
        } catch (IllegalArgumentException e) {
            err.println("mon demo: " + e.getMessage());
            return ExitStatus.USAGE;
        }
        if (!settings.problems().isEmpty()) {
            settings.problems().forEach(problem -> err.println("mon demo: " + problem));
            return ExitStatus.USAGE;
        }
        if (!settings.missing().isEmpty()) {
            settings.missing().forEach(missing -> err.println("mon demo: " + missing));
            return ExitStatus.NO_DAEMON;
        }
        try (Demo demo = Demo.prepare(settings, this::say)) {
            Thread hook = new Thread(demo::close);
            Runtime.getRuntime().addShutdownHook(hook);
            demo.start();
            if (demo.closed()) {
                return ExitStatus.FAILED; // interrupted: the process is ending
            }
            explain(demo, settings);
            if (settings.duration().isEmpty()) {
                listen(demo);
            }
            Runnable watcher = watcher(demo, settings);
            demo.run(watcher);
            live = false;
            if (demo.closed()) {
                return ExitStatus.FAILED; // interrupted: the process is ending
            }
            DemoReport report = demo.finish();
            show(report);
            return report.ok() ? ExitStatus.OK : ExitStatus.FAILED;
        }
    }

    private DemoSettings settings() {
        List<Fault> faults = new ArrayList<>();
        kills.forEach(text -> faults.add(Fault.parse(Fault.Kind.KILL, text)));
        freezes.forEach(text -> faults.add(Fault.parse(Fault.Kind.FREEZE, text)));
        restarts.forEach(text -> faults.add(Fault.parse(Fault.Kind.RESTART, text)));
        return new DemoSettings(
                masters,
                pollers,
                Optional.ofNullable(objects),
                Optional.ofNullable(dir),
                Optional.ofNullable(duration).map(text -> requirePositive(Fault.duration(text))),
                faults,
                Path.of(System.getProperty("merlin.bin", "bin")),
                kind());
    }

    private Optional<SchedulerKind> kind() {
        Optional<SchedulerKind> kind = SchedulerKind.of(scheduler);
        if (kind.isEmpty() && !scheduler.equals("quartz")) {
            throw new IllegalArgumentException("--scheduler " + scheduler + ": it is quartz, nagios4 or naemon");
        }
        return kind;
    }

    private static Duration requirePositive(Duration duration) {
        if (duration.isZero()) {
            throw new IllegalArgumentException("--duration must be more than nothing");
        }
        return duration;
    }

    /** A line for people: below the picture while that is shown, else on standard error. */
    private void say(String line) {
        if (live) {
            lastSaid = line;
            return;
        }
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }

    private void explain(Demo demo, DemoSettings settings) {
        if (format == OutputFormat.json || settings.duration().isPresent() && !Colours.onTerminal()) {
            return;
        }
        hints(demo, settings).forEach(this::say);
    }

    private static List<String> hints(Demo demo, DemoSettings settings) {
        String victim = settings.names().get(Math.min(1, settings.names().size() - 1));
        String itsProcesses =
                demo.folder().resolve(victim) + (settings.scheduler().isEmpty() ? "/merlin.conf" : "/");
        return List.of(
                "Kill a node: type  kill " + victim + "  and Enter (or freeze), or from another terminal:",
                "    kill -9 $(pgrep -f " + itsProcesses + ")",
                "Watch: " + victim + " turns INACTIVE, and within a second the others' shares grow by its checks;",
                "    type  restart " + victim + "  and the shares go back to what they were.",
                "Look closer, from another terminal:",
                "    export MERLIN_CONF=" + demo.firstConf(),
                "    bin/mon node status --watch        bin/mon assign show 'host3;load'",
                "Ctrl-C ends the demo and cleans up.");
    }

    /** Shows the first node's status: live on a terminal, now and then elsewhere. */
    private Runnable watcher(Demo demo, DemoSettings settings) throws ConfException {
        if (format == OutputFormat.json) {
            return () -> {};
        }
        live = Colours.onTerminal();
        LiveScreen screen = new LiveScreen(spec.commandLine().getOut());
        AdminClient daemon = new AdminClient(MerlinConf.load(demo.firstConf()).adminSocket());
        List<String> hints = live ? hints(demo, settings) : List.of();
        long every = live ? SHOW_NANOS : 10 * SHOW_NANOS;
        long[] shownNanos = {System.nanoTime() - every};
        return () -> {
            if (System.nanoTime() - shownNanos[0] < every) {
                return;
            }
            shownNanos[0] = System.nanoTime();
            screen.show(out -> {
                try {
                    NodeStatusText.print(out, daemon.cluster());
                } catch (IOException e) {
                    out.println(e.getMessage());
                }
                if (live) {
                    out.println();
                    hints.forEach(out::println);
                    out.println(Colours.warning(lastSaid));
                }
            });
        };
    }

    /** Hands on what is typed; ends with the input. */
    private static void listen(Demo demo) {
        Thread thread = new Thread(
                () -> {
                    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
                    try {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            if (!line.isBlank()) {
                                demo.type(line);
                            }
                        }
                    } catch (IOException e) {
                        // nobody types any more
                    }
                },
                "typed");
        thread.setDaemon(true);
        thread.start();
    }

    private void show(DemoReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(report));
            out.flush();
            return;
        }
        out.printf(
                "%n%-12s %12s %18s %17s %11s %5s%n",
                "node", "checks run", "results received", "results applied", "duplicates", "gaps");
        for (DemoReport.NodeReport node : report.nodes()) {
            out.printf(
                    "%-12s %12d %18d %17d %11d %5d%s%n",
                    node.name(),
                    node.checksRun(),
                    node.resultsReceived(),
                    node.resultsApplied(),
                    node.duplicates(),
                    node.gaps(),
                    node.alive() ? "" : "  (away at the end)");
        }
        out.printf("Longest time that a due check had no runner: %.3f s%n", report.secondsWithoutRunner());
        report.problems().forEach(problem -> out.println(Colours.bad("NOT AS PROMISED: ") + problem));
        out.println(report.ok() ? Colours.good("All as promised.") : Colours.bad("Not all as promised."));
        out.flush();
    }
}
