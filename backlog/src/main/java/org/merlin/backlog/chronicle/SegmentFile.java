package org.merlin.backlog.chronicle;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merlin.backlog.EventLog;

/**
 * Reads the records of a segment's file without Chronicle, which relies on the file's own bookkeeping: after a power
 * loss any page that was not synced may be as it was before, and that may be any page of the bookkeeping too. Ends
 * before the first record that is not whole or does not continue the one before. Each document begins, at a multiple
 * of 4, with a word that tells its length and kind.
 */
final class SegmentFile {
    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int NOT_A_RECORD = 0x4000_0000;
    private static final int LENGTH = 0x3fff_ffff;
    private static final int MAX_DOCUMENT_BYTES = RecordFormat.HEADER_BYTES + EventLog.MAX_RECORD_BYTES;
    private static final int BUFFER_BYTES = 256 << 10;

    /** Takes a record that is whole. */
    interface Taker {
        void take(int events, ByteBuffer record);
    }

    private final RecordFormat format = new RecordFormat();
    private final InputStream in;
    private SegmentTail tail;
    private long at;

    private SegmentFile(InputStream in, long base) {
        this.in = in;
        this.tail = new SegmentTail(0, base, 0);
    }

    /** Gives all whole records from the start on to {@code taker}, and tells where they end. */
    static SegmentTail walk(Path segment, long base, Taker taker) throws IOException {
        Path file = segment.resolve(ChronicleRuntime.recordsFile());
        if (Files.notExists(file)) {
            return new SegmentTail(0, base, 0);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            SegmentFile walk = new SegmentFile(in, base);
            boolean more = true;
            while (more) {
                more = walk.step(taker);
            }
            return walk.tail;
        }
    }

    /** How many records there are up to byte {@code end} of the file, whatever is in them; -1 if none ends there. */
    static long count(Path segment, long end) throws IOException {
        Path file = segment.resolve(ChronicleRuntime.recordsFile());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            SegmentFile walk = new SegmentFile(in, 0);
            long records = 0;
            while (walk.at < end) {
                int word = walk.read(Integer.BYTES).getInt();
                int length = word & LENGTH;
                if (length == 0 || (word & NOT_COMPLETE) != 0) {
                    return -1;
                }
                records += (word & NOT_A_RECORD) == 0 ? 1 : 0;
                walk.skip(length);
                if (walk.at != end) {
                    walk.skip(-walk.at & 3);
                }
            }
            return walk.at == end ? records : -1;
        } catch (EOFException cut) {
            return -1;
        }
    }

    /** Whether it ends before the first record, whole or not: that was being written, or the segment being made, when its process ended. */
    static boolean holdsNone(Path segment) throws IOException {
        Path file = segment.resolve(ChronicleRuntime.recordsFile());
        if (Files.notExists(file)) {
            return true;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            SegmentFile walk = new SegmentFile(in, 0);
            while (true) {
                int word = walk.read(Integer.BYTES).getInt();
                int length = word & LENGTH;
                if (length == 0 || (word & NOT_COMPLETE) != 0) {
                    return true;
                }
                if ((word & NOT_A_RECORD) == 0) {
                    return false;
                }
                walk.skip(length);
                walk.skip(-walk.at & 3);
            }
        } catch (EOFException end) {
            return true;
        }
    }

    private void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
        at += bytes;
    }

    private boolean step(Taker taker) throws IOException {
        try {
            int word = read(Integer.BYTES).getInt();
            int length = word & LENGTH;
            if (length == 0 || (word & NOT_COMPLETE) != 0) {
                return false;
            }
            if ((word & NOT_A_RECORD) != 0) {
                skip(length);
            } else if (length < RecordFormat.HEADER_BYTES || length > MAX_DOCUMENT_BYTES || !record(length, taker)) {
                return false;
            }
            skip(-at & 3);
            return true;
        } catch (EOFException end) {
            return false;
        }
    }

    private boolean record(int length, Taker taker) throws IOException {
        ByteBuffer document = read(length);
        long position = document.getLong();
        int events = document.getInt();
        int crc = document.getInt();
        ByteBuffer bytes = document.slice();
        if (position != tail.end() || events < 0 || crc != format.crc(position, events, bytes)) {
            return false;
        }
        taker.take(events, bytes);
        tail = tail.and(events, at);
        return true;
    }

    private ByteBuffer read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        at += length;
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
