package org.merlin.daemon.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.MerlinConfReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon config check [FILE]}: all that is wrong with a merlin.conf, at once. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Check a merlin.conf and print all its problems at once.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:good, warnings aside", "64:usage", "78:bad configuration"})
final class ConfigCheckCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file; default is that of --merlin-cfg.")
    private Path file;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    ConfigCheckCommand(CliContext context) {
        this.context = context;
    }

    /** A file's problems in JSON. */
    record Checked(String file, boolean ok, List<Problem> problems) {}

    /** One problem in JSON. */
    record Problem(String file, int line, String severity, String text) {}

    @Override
    public Integer call() {
        Path checked = file == null ? context.file() : file;
        MerlinConfReader.Report report = MerlinConfReader.read(checked);
        boolean ok = report.conf().isPresent();
        if (format == OutputFormat.json) {
            spec.commandLine()
                    .getOut()
                    .println(Json.pretty(new Checked(
                            checked.toString(),
                            ok,
                            report.problems().stream()
                                    .map(ConfigCheckCommand::json)
                                    .toList())));
        } else {
            report.problems().forEach(problem -> spec.commandLine().getOut().println(problem));
            if (ok) {
                spec.commandLine().getOut().println(checked + ": good");
            }
        }
        return ok ? ExitStatus.OK : ExitStatus.BAD_CONFIG;
    }

    private static Problem json(ConfProblem problem) {
        return new Problem(problem.file(), problem.line(), problem.error() ? "error" : "warning", problem.text());
    }
}
