package org.merlin.daemon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.merlin.daemon.sink.sql.SqlExport;

/** Prints rows below each other in columns as wide as what they hold, at the end: all of them are in memory until then. */
final class RowTable implements SqlExport.Rows {
    private static final int WIDEST = 60;

    private final List<List<String>> lines = new ArrayList<>();

    @Override
    public void begin(List<String> names) {
        if (lines.isEmpty()) {
            lines.add(List.copyOf(names));
        }
    }

    @Override
    public void row(List<Object> values) {
        lines.add(values.stream().map(RowTable::cell).toList());
    }

    /** One line of it: control characters, which a plugin may have printed, are spaces. */
    private static String cell(Object value) {
        String text = value == null ? "" : value.toString().replaceAll("\\p{Cntrl}", " ");
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
    }

    void print(PrintWriter out) {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                text.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
