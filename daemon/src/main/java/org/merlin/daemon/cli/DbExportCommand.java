package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private Form form;

    /** What {@code -o} takes here. */
    enum Form {
        csv,
        json
    }

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
                    session, table, begin, end, new Printer(spec.commandLine().getOut(), form));
        }
        return ExitStatus.OK;
    }

    /** Prints rows. */
    private static final class Printer implements SqlExport.Rows {
        private final ObjectMapper json = AdminClient.mapper();
        private final PrintWriter out;
        private final Form form;
        private List<String> columns = List.of();

        Printer(PrintWriter out, Form form) {
            this.out = out;
            this.form = form;
        }

        @Override
        public void begin(List<String> names) throws IOException {
            columns = names;
            if (form == Form.csv) {
                line(csv(new ArrayList<>(names)));
            }
        }

        @Override
        public void row(List<Object> values) throws IOException {
            if (form == Form.csv) {
                line(csv(values));
                return;
            }
            Map<String, Object> row = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                row.put(columns.get(i), values.get(i));
            }
            line(json.writeValueAsString(row));
        }

        private void line(String text) throws IOException {
            out.write(text + "\n");
            if (out.checkError()) {
                throw new IOException("standard output cannot be written");
            }
        }

        private static String csv(List<Object> values) {
            StringBuilder line = new StringBuilder();
            for (Object value : values) {
                String text = value == null ? "" : value.toString();
                boolean quoted =
                        text.chars().anyMatch(sign -> sign == ',' || sign == '"' || sign == '\n' || sign == '\r');
                line.append(line.isEmpty() ? "" : ",").append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
            }
            return line.toString();
        }
    }
}
