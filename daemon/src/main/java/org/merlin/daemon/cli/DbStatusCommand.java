package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon db status}: the same as {@code mon sink}. */
@Command(name = "status")
final class DbStatusCommand extends SinkCommand {
    DbStatusCommand(CliContext context) {
        super(context);
    }
}
