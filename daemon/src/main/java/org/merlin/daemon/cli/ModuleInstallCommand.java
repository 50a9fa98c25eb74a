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

/** {@code mon module install}: has the scheduler load the module. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = {
            "Have Nagios or Naemon load the module: checks all that it needs, and adds its line to the main configuration.",
            "The scheduler is not restarted; the commands for it are printed."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:installed, or was already",
            "1:something that the module needs is missing, or cannot be read or written by the scheduler's user",
            "64:usage",
            "75:another merlin.so, that of the C original, is loaded there",
            "78:bad configuration, of the scheduler or of Merlin"
        })
final class ModuleInstallCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModuleOptions options;

    ModuleInstallCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<SchedulerKind> kind = options.kind();
        if (kind.isEmpty()) {
            spec.commandLine().getErr().println("mon module install: --scheduler must be nagios4 or naemon");
            return ExitStatus.USAGE;
        }
        InstallReport report = options.installation(kind.get(), context).install();
        InstallText.print(spec.commandLine(), options, report);
        return report.status();
    }
}
