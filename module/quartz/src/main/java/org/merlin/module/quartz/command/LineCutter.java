package org.merlin.module.quartz.command;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts what comes in pieces into lines; of a line that is too long the end is dropped. Confined to one thread. */
final class LineCutter {
    static final int LONGEST_BYTES = 64 * 1024;

    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    /** Takes a piece and returns the lines that it completes, without empty ones. */
    List<String> cut(ByteBuffer piece) {
        List<String> lines = new ArrayList<>();
        while (piece.hasRemaining()) {
            byte next = piece.get();
            if (next == '\n') {
                String line = begun.toString(StandardCharsets.UTF_8).strip();
                if (!line.isEmpty()) {
                    lines.add(line);
                }
                begun.reset();
            } else if (begun.size() < LONGEST_BYTES) {
                begun.write(next);
            }
        }
        return lines;
    }
}
