package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlLogImport;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon log import FILE...}: history out of log files. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Write what log files of Nagios or Naemon tell, plain or gzipped, into report_data and notification of the"
                    + " database. The oldest is read first, in whatever order they are named.",
            "A line is written once, however often and under whatever name its file is read. What the writer has written"
                    + " itself is left out."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done",
            "1:lines are malformed, all others were read; or a file or the database cannot be read or written",
            "3:merlin.conf has no database",
            "64:usage",
            "78:bad configuration"
        })
final class LogImportCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Log files, archives too.")
    private List<Path> files;

    @Option(
            names = "--incremental",
            description = "Only lines that are not older than the newest one that was read before.")
    private boolean incremental;

    @Option(names = "--since", paramLabel = "TIME", description = "Only lines of then or later: " + TimeOption.FORMS)
    private String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Only lines of before then; default is when the writer began to write itself.")
    private String until;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    LogImportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, HistoryException {
        DatabasePlace place = DatabasePlace.of(context);
        SqlLogImport.Wanted wanted = new SqlLogImport.Wanted(
                incremental, TimeOption.seconds(spec, "--since", since), TimeOption.seconds(spec, "--until", until));
        SqlLogImport.Result result;
        try (SqlSession session = place.create()) {
            session.migrate();
            result = SqlLogImport.run(session, files, wanted);
        }
        PrintWriter err = spec.commandLine().getErr();
        result.examples().forEach(err::println);
        if (result.malformed() > result.examples().size()) {
            err.println("... and " + (result.malformed() - result.examples().size()) + " more malformed lines");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(result));
        } else {
            print(result, out);
        }
        return result.malformed() == 0 ? ExitStatus.OK : ExitStatus.WARNING;
    }

    private static void print(SqlLogImport.Result result, PrintWriter out) {
        out.println(result.files() + " files, " + result.lines() + " lines: " + result.fresh() + " rows are new, "
                + result.known() + " were there, " + result.malformed() + " lines are malformed");
        if (result.outside() > 0) {
            out.println("  left out: " + result.outside() + " lines of before or after what is wanted"
                    + (result.until().isEmpty() ? "" : ", which ends at " + result.until()));
        }
    }
}
