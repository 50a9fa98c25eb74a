package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.daemon.sink.sql.SqlExport;

/** Prints rows one by one, however many: CSV with a head line, or a line of JSON each. */
final class RowPrinter implements SqlExport.Rows {
    private final ObjectMapper json = AdminClient.mapper();
    private final PrintWriter out;
    private final Form form;
    private List<String> columns = List.of();

    /** What {@code -o} takes. */
    enum Form {
        csv,
        json
    }

    RowPrinter(PrintWriter out, Form form) {
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
            boolean quoted = text.chars().anyMatch(sign -> sign == ',' || sign == '"' || sign == '\n' || sign == '\r');
            line.append(line.isEmpty() ? "" : ",").append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
        }
        return line.toString();
    }
}
