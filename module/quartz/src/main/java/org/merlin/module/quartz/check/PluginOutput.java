package org.merlin.module.quartz.check;

import java.nio.charset.StandardCharsets;
import org.merlin.protocol.event.CheckResult.Output;

/**
 * Takes apart what a plugin printed.
 *
 * <pre>
 *   TEXT | PERFDATA
 *   LONG TEXT
 *   LONG TEXT | PERFDATA
 *   PERFDATA
 * </pre>
 */
public final class PluginOutput {
    /** Bounds of the three parts, in bytes: those that packets have, so that all nodes keep the same. */
    private static final int TEXT_BYTES = 16 * 1024;

    private static final int LONG_TEXT_BYTES = 64 * 1024;
    private static final int PERF_DATA_BYTES = 32 * 1024;

    private static final String NOTHING = "(No output returned from plugin)";

    private PluginOutput() {}

    /** Reads the output of a process; what is no UTF-8 becomes question marks. */
    static Output parse(byte[] bytes, int length) {
        return parse(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    /** Reads the output of a check, its lines separated by line feeds. */
    public static Output parse(String printed) {
        String[] lines = printed.replace("\r\n", "\n").replace('\0', ' ').split("\n");
        StringBuilder text = new StringBuilder();
        StringBuilder longText = new StringBuilder();
        StringBuilder perfData = new StringBuilder();
        boolean inPerfData = false;
        for (int i = 0; i < lines.length; i++) {
            if (inPerfData) {
                append(perfData, lines[i].strip(), ' ');
                continue;
            }
            int bar = lines[i].indexOf('|');
            String before = bar < 0 ? lines[i] : lines[i].substring(0, bar);
            if (i == 0) {
                text.append(before.strip());
            } else {
                append(longText, before.stripTrailing(), '\n');
            }
            if (bar >= 0) {
                append(perfData, lines[i].substring(bar + 1).strip(), ' ');
                inPerfData = i > 0;
            }
        }
        return new Output(
                cut(text.isEmpty() ? NOTHING : text.toString(), TEXT_BYTES),
                cut(longText.toString(), LONG_TEXT_BYTES),
                cut(perfData.toString(), PERF_DATA_BYTES));
    }

    private static void append(StringBuilder to, String part, char separator) {
        if (!to.isEmpty() && !(separator == ' ' && part.isEmpty())) {
            to.append(separator);
        }
        to.append(part);
    }

    private static String cut(String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= maxBytes) {
            return text;
        }
        int length = maxBytes;
        while (length > 0 && (bytes[length] & 0xc0) == 0x80) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
