package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.merlin.daemon.install.InstallReport;
import org.merlin.daemon.install.SchedulerKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code mon module uninstall}: takes out what install put in. */
@Command(
        name = "uninstall",
        mixinStandardHelpOptions = true,
        description = {
            "Have Nagios or Naemon load the module no longer: takes out what 'mon module install' put in, and no more.",
            "The scheduler is not restarted; the commands for it are printed."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:uninstalled, or was not installed",
            "1:the file could not be written",
            "64:usage",
            "78:no configuration of the scheduler"
        })
final class ModuleUninstallCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModuleOptions options;

    ModuleUninstallCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Optional<SchedulerKind> kind = options.kind();
        if (kind.isEmpty()) {
            spec.commandLine().getErr().println("mon module uninstall: --scheduler must be nagios4 or naemon");
            return ExitStatus.USAGE;
        }
        InstallReport report = options.installation(kind.get(), context).uninstall();
        InstallText.print(spec.commandLine(), options, report);
        return report.status();
    }
}
