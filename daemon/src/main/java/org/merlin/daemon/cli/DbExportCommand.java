package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlExport;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon db export TABLE}: a table as CSV or JSON, row by row. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Write a table to standard output, however large: CSV with a head line, or one line of JSON per row.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:written",
            "1:the database cannot be reached, or the output cannot be written",
            "3:merlin.conf has no database",
            "64:usage",
            "78:bad configuration"
        })
final class DbExportCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "TABLE", description = "Name of the table, e.g. report_data.")
    private String table;

    @Option(names = "--from", paramLabel = "TIME", description = "Only rows of then or later: " + TimeOption.FORMS)
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only rows of before then.")
    private String to;

    @Option(
            names = {"-o", "--output"},
            description = "csv (default) or json.",
            defaultValue = "csv")
    private RowPrinter.Form form;

    DbExportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, HistoryException {
        DatabasePlace place = DatabasePlace.of(context);
        OptionalLong begin = TimeOption.seconds(spec, "--from", from);
        OptionalLong end = TimeOption.seconds(spec, "--to", to);
        if (!SqlExport.tables().contains(table)) {
            throw new ParameterException(
                    spec.commandLine(), table + " is no table; there are " + String.join(", ", SqlExport.tables()));
        }
        if ((begin.isPresent() || end.isPresent()) && !SqlExport.hasTime(table)) {
            throw new ParameterException(spec.commandLine(), "rows of " + table + " have no time: no --from, no --to");
        }
        try (SqlSession session = place.open()) {
            SqlExport.read(
                    session,
                    table,
                    begin,
                    end,
                    new RowPrinter(spec.commandLine().getOut(), form));
        }
        return ExitStatus.OK;
    }
}
