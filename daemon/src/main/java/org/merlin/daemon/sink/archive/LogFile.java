package org.merlin.daemon.sink.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;

/** A log file, plain or gzipped, line by line. However long its lines, it takes 128 KiB. Not thread-safe. */
public final class LogFile implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    private static final int MOST_LINE = 64 * 1024;
    private static final int LINES_TO_LOOK_AT = 1_000;
    private static final Map<Integer, String> OTHER_ARCHIVES =
            Map.of(0x425a, "bzip2", 0xfd37, "xz", 0x28b5, "zstd", 0x504b, "zip");

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int end;
    private long line;
    private boolean isTooLong;

    private LogFile(InputStream in) {
        this.in = in;
    }

    /**
     * Opens it.
     *
     * @throws IOException if it cannot be read, or is packed in another way than by gzip
     */
    public static LogFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder: name the files in it");
        }
        if (!Files.isReadable(path)) {
            throw new IOException(path + (Files.exists(path) ? " may not be read" : " is not there"));
        }
        InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            return new LogFile(unpacked(path, in));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static InputStream unpacked(Path path, InputStream in) throws IOException {
        in.mark(2);
        int first = in.read() << 8 | in.read();
        in.reset();
        if (first == 0x1f8b) {
            return new GZIPInputStream(in, BUFFER);
        }
        if (OTHER_ARCHIVES.containsKey(first)) {
            throw new IOException(
                    path + " is packed by " + OTHER_ARCHIVES.get(first) + ": unpack it first, only gzip is read");
        }
        return in;
    }

    /** Time of the first line that has one; empty if none of the first thousand has. */
    public static OptionalLong begin(Path path) throws IOException {
        try (LogFile file = open(path)) {
            for (int i = 0; i < LINES_TO_LOOK_AT; i++) {
                String line = file.next();
                if (line == null) {
                    break;
                }
                try {
                    return OptionalLong.of(LogLine.of(line).seconds());
                } catch (LogLine.MalformedException e) {
                    continue;
                }
            }
            return OptionalLong.empty();
        }
    }

    /**
     * The next line, without its end; of a line of more than 64 KiB the beginning, see {@link #isTooLong}. Text that is not UTF-8 is
     * read as Latin-1, which old logs are in.
     *
     * @return null at the end of the file
     */
    public String next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        isTooLong = false;
        boolean any = false;
        while (next < end || fill()) {
            any = true;
            int from = next;
            while (next < end && buffer[next] != '\n') {
                next++;
            }
            int room = MOST_LINE - bytes.size();
            bytes.write(buffer, from, Math.min(room, next - from));
            isTooLong |= next - from > room;
            if (next < end) {
                next++;
                break;
            }
        }
        line += any ? 1 : 0;
        return any ? text(bytes.toByteArray()) : null;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }

    private static String text(byte[] bytes) {
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    /** Number of the line that was read last, from 1. */
    public long line() {
        return line;
    }

    /** Whether the line that was read last was cut. */
    public boolean isTooLong() {
        return isTooLong;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
