package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.merlin.daemon.install.PollerFix;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon oconf poller-fix}: has a poller's scheduler read what its masters send, and nothing else. */
@Command(
        name = "poller-fix",
        mixinStandardHelpOptions = true,
        description = {
            "Have this poller's Nagios or Naemon read the objects that its masters send, and no others: comments out the lines cfg_file",
            "and cfg_dir of its main configuration, and adds the one of from-master.cfg in oconf_dir. Does nothing the second time."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done, or was already",
            "1:the file cannot be read or written",
            "64:usage",
            "75:no master is configured: without its own objects this node would have none",
            "78:bad configuration"
        })
final class OconfPollerFixCommand implements Callable<Integer> {
    private static final String FROM_MASTER = "from-master.cfg";

    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAGIOS_CFG",
            description = "The main configuration; default is scheduler_config of merlin.conf.")
    private Path file;

    @Option(names = "--nagios-cfg", paramLabel = "FILE", description = "The same.")
    private void nagiosCfg(Path named) {
        context.nagiosCfg(named);
    }

    @Option(names = "--dry-run", description = "Print everything, change nothing.")
    private boolean dryRun;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    OconfPollerFixCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        PrintWriter err = spec.commandLine().getErr();
        MerlinConf conf = context.conf();
        if (conf.nodes(NodeRole.MASTER).isEmpty()) {
            err.println("mon: " + context.file() + " names no master: this is no poller, and keeps its own objects");
            return ExitStatus.UNSAFE;
        }
        Optional<Path> main = Optional.ofNullable(file)
                .or(context::nagiosCfg)
                .or(() -> conf.oconf().schedulerConfig());
        if (main.isEmpty()) {
            err.println(context.file()
                    + ": there is no scheduler_config: set it, or give the scheduler's main configuration as"
                    + " argument");
            return ExitStatus.BAD_CONFIG;
        }
        PollerFix.Report report = new PollerFix(main.get(), conf.oconf().dir().resolve(FROM_MASTER), dryRun).run();
        print(report);
        return report.problem().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private void print(PollerFix.Report report) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(report));
            return;
        }
        if (!report.problem().isEmpty()) {
            err.println("mon: " + report.problem());
            return;
        }
        report.warnings().forEach(warning -> err.println("warning: " + warning));
        report.done().forEach(sentence -> out.println(report.config() + ": " + sentence));
        if (!report.changed()) {
            out.println("Nothing to change.");
            return;
        }
        InstallText.changes(out, report.config(), report.changes());
        if (report.dryRun()) {
            out.println("A dry run: nothing was changed.");
        } else {
            out.println("As it was before Merlin it is kept in " + report.backup());
            out.println("The scheduler takes notice when it is reloaded.");
        }
    }
}
