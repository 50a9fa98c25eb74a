package org.merlin.module.quartz.objects;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts an object file into blocks. A {@code #} at the beginning makes a line a comment, a {@code ;} the rest of it;
 * {@code \;} is a semicolon.
 */
final class BlockReader {
    private final Problems problems;
    private final Consumer<Block> sink;
    private Block open;

    private BlockReader(Problems problems, Consumer<Block> sink) {
        this.problems = problems;
        this.sink = sink;
    }

    /**
     * Reads a file.
     *
     * @param linesBefore of files that were read before
     * @return how many there are with this one
     */
    static int read(byte[] bytes, int linesBefore, Problems problems, Consumer<Block> sink) {
        BlockReader reader = new BlockReader(problems, sink);
        int number = linesBefore;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.line(strip(line), ++number);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        reader.end();
        return number;
    }

    /** Takes comments and surrounding blanks away. */
    static String strip(String line) {
        String trimmed = line.strip();
        if (trimmed.startsWith("#")) {
            return "";
        }
        if (trimmed.indexOf(';') < 0) {
            return trimmed;
        }
        StringBuilder kept = new StringBuilder(trimmed.length());
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            if (c == '\\' && i + 1 < trimmed.length() && trimmed.charAt(i + 1) == ';') {
                kept.append(';');
                i++;
            } else if (c == ';') {
                break;
            } else {
                kept.append(c);
            }
        }
        return kept.toString().strip();
    }

    private void line(String line, int number) {
        if (line.isEmpty()) {
            return;
        }
        if (open == null) {
            begin(line, number);
        } else if (line.equals("}")) {
            sink.accept(open);
            open = null;
        } else if (isDefine(line)) {
            problems.error(
                    open.line(),
                    "the block of this " + open.type() + " is not closed: '}' is missing before "
                            + problems.place(number, open.line()));
            open = null;
            begin(line, number);
        } else {
            attribute(line, number);
        }
    }

    private static boolean isDefine(String line) {
        return line.startsWith("define")
                && line.length() > 6
                && Character.isWhitespace(line.charAt(6))
                && line.endsWith("{");
    }

    private void begin(String line, int number) {
        if (!isDefine(line)) {
            problems.error(number, "'" + line + "' is outside of any block; expected 'define TYPE {'");
            return;
        }
        String type = line.substring(6).strip();
        open = new Block(type.substring(0, type.length() - 1).strip(), number);
    }

    private void attribute(String line, int number) {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        String name = line.substring(0, end);
        Block.Attribute attribute =
                new Block.Attribute(name, line.substring(end).strip(), number);
        if (open.type().equals("timeperiod") && Timeperiod.isDayLine(name)) {
            attribute = new Block.Attribute(line, "", number);
        }
        open.put(attribute)
                .ifPresent(former -> problems.warn(
                        number,
                        name + " is set twice, first in " + problems.place(former.line(), number)
                                + "; this one counts"));
    }

    private void end() {
        if (open != null) {
            problems.error(open.line(), "the block of this " + open.type() + " is not closed: '}' is missing");
        }
    }
}
