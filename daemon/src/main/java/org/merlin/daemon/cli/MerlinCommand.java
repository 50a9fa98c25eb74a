package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mon}: the command line tool. Data goes to standard output, troubles to standard error. */
@Command(
        name = "mon",
        mixinStandardHelpOptions = true,
        version = "mon 0.1.0",
        description = "Looks at and steers a Merlin cluster.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:ok",
            "1:warning, or failed",
            "2:critical",
            "3:unknown",
            "64:usage",
            "69:no daemon answers",
            "75:refused as unsafe",
            "78:bad configuration"
        })
public final class MerlinCommand implements Runnable {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    MerlinCommand(CliContext context) {
        this.context = context;
    }

    @Option(
            names = {"--merlin-cfg", "--merlin-conf"},
            paramLabel = "FILE",
            description = "The merlin.conf; default is the variable MERLIN_CONF, then /etc/merlin/merlin.conf.")
    private void merlinConf(Path file) {
        context.name(file);
    }

    @Option(
            names = "--nagios-cfg",
            paramLabel = "FILE",
            description =
                    "The scheduler's main configuration, for commands that need it; default is scheduler_config of merlin.conf.")
    private void nagiosCfg(Path file) {
        context.nagiosCfg(file);
    }

    @Option(
            names = "--object-cache",
            paramLabel = "FILE",
            description =
                    "The scheduler's object cache, for commands that need it; default is what its main configuration names.")
    private void objectCache(Path file) {
        context.objectCache(file);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Runs a command; ends the process. */
    public static void main(String[] arguments) {
        int status = commandLine(new CliContext(System.getenv())).execute(arguments);
        if (System.out.checkError()) {
            System.err.println("mon: standard output cannot be written");
            status = ExitStatus.FAILED;
        }
        System.exit(status);
    }

    /**
     * Runs a command within this process.
     *
     * @return its exit status
     */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine(new CliContext(System.getenv()))
                .setOut(out)
                .setErr(err)
                .execute(arguments);
    }

    static CommandLine commandLine(CliContext context) {
        CommandLine node = new CommandLine(new NodeCommand())
                .addSubcommand(new NodeStatusCommand(context))
                .addSubcommand(new NodeListCommand(context))
                .addSubcommand(new NodeShowCommand(context))
                .addSubcommand(new NodeEditCommands.AddCommand(context))
                .addSubcommand(new NodeEditCommands.RemoveCommand(context))
                .addSubcommand(new NodeEditCommands.EditCommand(context))
                .addSubcommand(new NodeStopCommands.DrainCommand(context))
                .addSubcommand(new NodeStopCommands.UndrainCommand(context))
                .addSubcommand(new NodeStopCommands.CanStopCommand(context));
        CommandLine assign = new CommandLine(new AssignCommand())
                .addSubcommand(new AssignShowCommand(context))
                .addSubcommand(new AssignListCommand(context))
                .addSubcommand(new AssignDiffCommand(context));
        CommandLine config = new CommandLine(new ConfigCommand()).addSubcommand(new ConfigCheckCommand(context));
        CommandLine ca = new CommandLine(new CaCommand()).addSubcommand(new CaInitCommand(context));
        CommandLine cert = new CommandLine(new CertCommand()).addSubcommand(new CertIssueCommand(context));
        CommandLine module = new CommandLine(new ModuleCommand())
                .addSubcommand(new ModuleInstallCommand(context))
                .addSubcommand(new ModuleUninstallCommand(context));
        CommandLine mon = new CommandLine(new MerlinCommand(context))
                .addSubcommand(node)
                .addSubcommand(assign)
                .addSubcommand(new CommandLine(new BacklogCommand())
                        .addSubcommand(new BacklogListCommand(context))
                        .addSubcommand(new BacklogShowCommand(context))
                        .addSubcommand(new BacklogDropCommand(context))
                        .addSubcommand(new BacklogExportCommand(context)))
                .addSubcommand(new CommandLine(new OconfCommand())
                        .addSubcommand(new OconfPlanCommand(context))
                        .addSubcommand(new OconfPushCommands.PushCommand(context))
                        .addSubcommand(new OconfPushCommands.RollbackCommand(context))
                        .addSubcommand(new OconfPushCommands.ResolveCommand(context))
                        .addSubcommand(new OconfShowCommands.StatusCommand(context))
                        .addSubcommand(new OconfShowCommands.HistoryCommand(context))
                        .addSubcommand(new OconfShowCommands.DiffCommand(context))
                        .addSubcommand(new OconfShowCommands.FetchCommand(context))
                        .addSubcommand(new OconfKeptCommands.ShowCommand(context))
                        .addSubcommand(new OconfKeptCommands.ExportCommand(context))
                        .addSubcommand(new OconfFilesCommands.HashCommand(context))
                        .addSubcommand(new OconfFilesCommands.ChangedCommand(context))
                        .addSubcommand(new OconfFilesCommands.FilesCommand(context))
                        .addSubcommand(new OconfSplitCommand(context))
                        .addSubcommand(new OconfPollerFixCommand(context))
                        .addSubcommand(new OconfNodeCommands.RemoteFetchCommand(context))
                        .addSubcommand(new OconfNodeCommands.RetryCommand(context)))
                .addSubcommand(config)
                .addSubcommand(new SinkCommand(context))
                .addSubcommand(new CommandLine(new DbCommand())
                        .addSubcommand(new DbStatusCommand(context))
                        .addSubcommand(new DbCheckCommand(context))
                        .addSubcommand(new DbMigrateCommand(context))
                        .addSubcommand(new DbPurgeCommand(context))
                        .addSubcommand(new CommandLine(new DbFailoverCommands())
                                .addSubcommand(new DbFailoverCommands.ShowCommand(context))
                                .addSubcommand(new DbFailoverCommands.MoveCommand(context)))
                        .addSubcommand(new DbExportCommand(context))
                        .addSubcommand(new DbReportCommand(context))
                        .addSubcommand(new DbVerifyCommand(context))
                        .addSubcommand(new DbImportCommand(context)))
                .addSubcommand(new CommandLine(new LogCommand()).addSubcommand(new LogImportCommand(context)))
                .addSubcommand(new ReloadCommand(context))
                .addSubcommand(ca)
                .addSubcommand(cert)
                .addSubcommand(module)
                .addSubcommand(new CommandLine(new BenchCommand())
                        .addSubcommand(new BenchClusterCommand())
                        .addSubcommand(new BenchFanoutCommand())
                        .addSubcommand(new BenchBacklogCommand())
                        .addSubcommand(new BenchAssignCommand())
                        .addSubcommand(new BenchDatabaseCommand())
                        .addSubcommand(new BenchReportsCommand()))
                .addSubcommand(new DemoCommand());
        everywhere(mon);
        return mon;
    }

    /** The rules that hold for every command: exit statuses of bad usage and of troubles, and how these are told. */
    private static void everywhere(CommandLine command) {
        command.getCommandSpec()
                .exitCodeOnInvalidInput(ExitStatus.USAGE)
                .exitCodeOnExecutionException(ExitStatus.FAILED);
        command.setExecutionExceptionHandler((trouble, line, result) -> explain(trouble, line.getErr()));
        command.getSubcommands().values().forEach(MerlinCommand::everywhere);
    }

    private static int explain(Exception trouble, PrintWriter err) throws Exception {
        if (trouble instanceof ConfException || trouble instanceof ObjectFile.SyntaxException) {
            err.println(trouble.getMessage());
            return ExitStatus.BAD_CONFIG;
        }
        if (trouble instanceof AdminClient.NoDaemonException || trouble instanceof DatabasePlace.NoAnswerException) {
            err.println("mon: " + trouble.getMessage());
            return ExitStatus.NO_DAEMON;
        }
        if (trouble instanceof DatabasePlace.NoneException) {
            err.println("mon: " + trouble.getMessage());
            return ExitStatus.UNKNOWN;
        }
        if (trouble instanceof IOException || trouble instanceof HistoryException) {
            err.println("mon: " + trouble.getMessage());
            return ExitStatus.FAILED;
        }
        throw trouble;
    }
}
