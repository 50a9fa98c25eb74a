package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon db migrate}: brings the tables to this release's version, as the daemon does at its start. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description =
                "Make the database's tables, or bring them to this release's version, as merlind does at its start.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:they are of this release's version",
            "1:refused: a newer release's or another program's tables; or the database cannot be reached",
            "3:merlin.conf has no database",
            "64:usage",
            "78:bad configuration"
        })
final class DbMigrateCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    DbMigrateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, HistoryException {
        DatabasePlace place = DatabasePlace.of(context);
        try (SqlSession session = place.create()) {
            int steps = session.migrate();
            String version = session.schema().version();
            spec.commandLine()
                    .getOut()
                    .println(
                            format == OutputFormat.json
                                    ? Json.pretty(Map.of("steps", steps, "schema", version))
                                    : session.database() + ": schema " + version + ", "
                                            + (steps == 0
                                                    ? "nothing to do"
                                                    : steps + (steps == 1 ? " step" : " steps")));
        }
        return ExitStatus.OK;
    }
}
