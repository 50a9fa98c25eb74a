package org.merlin.daemon.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The global options about the scheduler's files, behind a command. */
final class SchedulerFileOptions {
    private final CliContext context;

    SchedulerFileOptions(CliContext context) {
        this.context = context;
    }

    @Option(
            names = "--nagios-cfg",
            paramLabel = "FILE",
            description = {
                "The main configuration of Nagios or Naemon; then no merlin.conf is needed. Default is scheduler_config of merlin.conf,",
                "else the objects of the embedded scheduler."
            })
    private void nagiosCfg(Path file) {
        context.nagiosCfg(file);
    }

    SchedulerFiles files() {
        return new SchedulerFiles(context);
    }
}
