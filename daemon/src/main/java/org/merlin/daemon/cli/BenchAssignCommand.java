package org.merlin.daemon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.daemon.bench.AssignReport;
import org.merlin.daemon.bench.BenchAssign;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon bench assign}: what it costs to decide who runs what. */
@Command(
        name = "assign",
        mixinStandardHelpOptions = true,
        description =
                "Share checks among peers: what it costs, how even it is, what moves when one goes. No process is started.",
        footerHeading = "%nExamples:%n",
        footer = "  mon bench assign --services 140000 --peers 3 -o json",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:ok", "64:usage"})
final class BenchAssignCommand implements Callable<Integer> {
    private static final int MOST_SERVICES = 5_000_000;
    private static final int MOST_PEERS = 1000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--services", defaultValue = "20000", description = "How many (default: ${DEFAULT-VALUE}).")
    private int services;

    @Option(names = "--peers", defaultValue = "3", description = "How many (default: ${DEFAULT-VALUE}).")
    private int peers;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        if (services < 1 || services > MOST_SERVICES) {
            problems.add("--services " + services + ": it is 1 to " + MOST_SERVICES);
        }
        if (peers < 1 || peers > MOST_PEERS) {
            problems.add("--peers " + peers + ": it is 1 to " + MOST_PEERS);
        }
        if (!problems.isEmpty()) {
            problems.forEach(problem -> spec.commandLine().getErr().println("mon bench assign: " + problem));
            return ExitStatus.USAGE;
        }
        AssignReport report = BenchAssign.run(services, peers);
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(report));
        } else {
            report.lines().forEach(out::println);
        }
        return ExitStatus.OK;
    }
}
