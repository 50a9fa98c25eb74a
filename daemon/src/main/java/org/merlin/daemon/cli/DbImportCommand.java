package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlDatabaseImport;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mon db import}: history out of the C original's database. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Copy report_data and notification of the C original's database into ours. The old one is only read.",
            "It may be ended at any time: the next call goes on there, and brings what has come since."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done",
            "1:a database cannot be reached, is not the C original's, or takes no rows; what was copied stays",
            "3:merlin.conf has no database",
            "64:usage",
            "78:bad configuration"
        })
final class DbImportCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "URL",
            description = "The old database, e.g. jdbc:mariadb://db1.example.com:3306/merlin.")
    private String from;

    @Option(names = "--user", paramLabel = "NAME", description = "Its user; default merlin.", defaultValue = "merlin")
    private String user;

    @Option(
            names = "--pass-file",
            paramLabel = "FILE",
            description = "A file whose first line is the user's password; without it there is none.")
    private Path passFile;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "A name for this old database, where rows of another one were, or will be, copied, too.",
            defaultValue = "")
    private String name;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    DbImportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, HistoryException {
        if (!from.startsWith("jdbc:")) {
            throw new ParameterException(
                    spec.commandLine(), "--from=" + from + ": write a JDBC URL, e.g. jdbc:mariadb://db1:3306/merlin");
        }
        if (!name.matches("[A-Za-z0-9_.-]{0,100}")) {
            throw new ParameterException(
                    spec.commandLine(), "--as=" + name + ": letters, digits, _ . - only, 100 at most");
        }
        DatabasePlace place = DatabasePlace.of(context);
        SqlDatabaseImport.Source source = new SqlDatabaseImport.Source(from, user, password(), name);
        List<SqlDatabaseImport.Result> results;
        try (SqlSession session = place.create()) {
            session.migrate();
            results = SqlDatabaseImport.run(session, source);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(results));
        } else {
            results.forEach(result -> out.println(
                    result.table() + ": " + result.read() + " rows read, " + result.fresh() + " of them new"));
        }
        return ExitStatus.OK;
    }

    private String password() throws IOException {
        if (passFile == null) {
            return "";
        }
        try {
            return Files.readString(passFile).lines().findFirst().orElse("");
        } catch (NoSuchFileException e) {
            throw new IOException("--pass-file=" + passFile + " is not there", e);
        }
    }
}
