package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.merlin.daemon.bench.BenchResult;
import org.merlin.daemon.bench.BenchSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all measurements with real processes have in common. */
final class BenchOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--events", defaultValue = "1000000", description = "How many results (default: ${DEFAULT-VALUE}).")
    private long events;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Results a second; 0, the default, for as fast as they are taken.")
    private long rate;

    @Option(
            names = "--size",
            defaultValue = "300",
            description = "Bytes of a packet, about (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--tls", description = "With TLS between the nodes.")
    private boolean tls;

    @Option(names = "--services", defaultValue = "1000", description = "Objects (default: ${DEFAULT-VALUE}).")
    private int services;

    @Option(
            names = "--warm-up",
            paramLabel = "EVENTS",
            defaultValue = "200000",
            description = "Results before what is measured (default: ${DEFAULT-VALUE}).")
    private long warmUp;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    /** Measures. */
    @FunctionalInterface
    interface Measurement {
        BenchResult run(BenchSettings settings, Consumer<String> log) throws IOException;
    }

    /**
     * Measures and prints.
     *
     * @param further what is wrong with the command's own options, each in a sentence
     */
    int run(List<String> further, Measurement measurement) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        String command = spec.qualifiedName();
        Path bin = Path.of(System.getProperty("merlin.bin", "bin"));
        BenchSettings settings = new BenchSettings(events, rate, size, tls, services, warmUp, bin);
        List<String> problems = new ArrayList<>(settings.problems());
        problems.addAll(further);
        if (!problems.isEmpty()) {
            problems.forEach(problem -> err.println(command + ": " + problem));
            return ExitStatus.USAGE;
        }
        BenchResult report = measurement.run(settings, line -> {
            err.println(line);
            err.flush();
        });
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(report));
        } else {
            report.lines().forEach(out::println);
        }
        report.problems().forEach(problem -> err.println(command + ": " + problem));
        return report.ok() ? ExitStatus.OK : ExitStatus.FAILED;
    }
}
