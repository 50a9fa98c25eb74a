package org.merlin.confsync.command;

import java.nio.charset.StandardCharsets;

/** The last bytes of what a process prints, in a ring; the rest is counted. Confined to one thread. */
final class OutputTail {
    private final byte[] ring;
    private long total;

    OutputTail(int bytes) {
        ring = new byte[bytes];
    }

    void add(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            ring[(int) (total++ % ring.length)] = bytes[i];
        }
    }

    long totalBytes() {
        return total;
    }

    long droppedBytes() {
        return Math.max(0, total - ring.length);
    }

    /** Without control characters but tabs and newlines; if something was dropped, from the first whole line on. */
    String text() {
        int kept = (int) Math.min(total, ring.length);
        byte[] bytes = new byte[kept];
        for (int i = 0; i < kept; i++) {
            bytes[i] = ring[(int) ((total - kept + i) % ring.length)];
        }
        String text = new String(bytes, StandardCharsets.UTF_8)
                .replace("\r\n", "\n")
                .replace('\r', '\n') // a progress bar
                .replaceAll("[\\p{Cntrl}&&[^\n\t]]", " ");
        int newline = text.indexOf('\n');
        return droppedBytes() == 0 || newline < 0 ? text : text.substring(newline + 1);
    }
}
