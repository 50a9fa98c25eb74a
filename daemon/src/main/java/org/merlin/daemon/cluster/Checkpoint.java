package org.merlin.daemon.cluster;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.StreamId;

/**
 * What a daemon knew when its log ended at a position: a start reads only what lies above. Its bytes:
 * <pre>
 *   0      4         8          16         20
 *  +------+---------+----------+----------+----------------------------+--------+
 *  | MRLC | version | position | sections | type, length, bytes of each | CRC-32C |
 *  +------+---------+----------+----------+----------------------------+--------+
 * </pre>
 * Sections of a type that is not known are skipped, and each grows at its end.
 *
 * @param position where the log ended
 * @param marks one per stream that the log holds or held
 * @param cursors one per subscriber
 */
record Checkpoint(long position, List<Mark> marks, List<Cursor> cursors) {
    static final int VERSION = 1;
    static final Checkpoint NONE = new Checkpoint(0, List.of(), List.of());

    private static final int MAGIC = 0x4d524c43;
    private static final int MARKS = 1;
    private static final int CURSORS = 2;
    private static final int HEADER_BYTES = 20;

    /**
     * How far a subscriber is.
     *
     * @param subscriber its id
     * @param position below it lies nothing that it is still owed
     * @param events how many it is owed from there up to the checkpoint's position
     * @param dropped how many were dropped since its backlog was made
     * @param acknowledged its marks
     * @param gaps what was dropped and it does not know of yet
     */
    record Cursor(
            long subscriber,
            long position,
            long events,
            long bytes,
            long dropped,
            List<Mark> acknowledged,
            List<Gap> gaps) {}

    /** Events of a stream after one sequence up to another that are gone. */
    record Gap(StreamId stream, long after, long upTo) {}

    ByteBuffer encode() {
        ByteBuffer marksSection =
                new BodyWriter().putList(marks, Checkpoint::putMark).body();
        ByteBuffer cursorSection =
                new BodyWriter().putList(cursors, Checkpoint::putCursor).body();
        ByteBuffer out = ByteBuffer.allocate(
                HEADER_BYTES + 16 + marksSection.remaining() + cursorSection.remaining() + Integer.BYTES);
        out.putInt(MAGIC).putInt(VERSION).putLong(position).putInt(2);
        out.putInt(MARKS).putInt(marksSection.remaining()).put(marksSection);
        out.putInt(CURSORS).putInt(cursorSection.remaining()).put(cursorSection);
        out.putInt(crc(out.duplicate().flip()));
        return out.flip();
    }

    private static void putMark(BodyWriter out, Mark mark) {
        out.putLong(mark.stream().origin()).putInt(mark.stream().epoch()).putLong(mark.sequence());
    }

    private static void putCursor(BodyWriter out, Cursor cursor) {
        BodyWriter body = new BodyWriter()
                .putLong(cursor.subscriber)
                .putLong(cursor.position)
                .putLong(cursor.events)
                .putLong(cursor.bytes)
                .putLong(cursor.dropped)
                .putList(cursor.acknowledged, Checkpoint::putMark)
                .putList(cursor.gaps, (to, gap) -> {
                    putMark(to, new Mark(gap.stream, gap.upTo));
                    to.putLong(gap.after);
                });
        ByteBuffer bytes = body.body();
        out.putInt(bytes.remaining()).putBytes(bytes);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** @throws MalformedPacketException if it is damaged, or of a version that is not known */
    static Checkpoint decode(ByteBuffer content) throws MalformedPacketException {
        ByteBuffer in = content.duplicate();
        if (in.remaining() < HEADER_BYTES + Integer.BYTES || in.getInt(in.position()) != MAGIC) {
            throw new MalformedPacketException("no checkpoint");
        }
        int end = in.limit() - Integer.BYTES;
        if (in.getInt(end) != crc(in.duplicate().limit(end))) {
            throw new MalformedPacketException("a checkpoint with a wrong checksum");
        }
        try {
            return read(in);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | BufferUnderflowException e) {
            throw new MalformedPacketException("a checkpoint whose lengths are wrong");
        }
    }

    private static Checkpoint read(ByteBuffer in) throws MalformedPacketException {
        in.getInt();
        int version = in.getInt();
        if (version != VERSION) {
            throw new MalformedPacketException(
                    "a checkpoint of version " + version + ", this release knows " + VERSION);
        }
        long position = in.getLong();
        int sections = in.getInt();
        List<Mark> marks = List.of();
        List<Cursor> cursors = List.of();
        for (int i = 0; i < sections; i++) {
            int type = in.getInt();
            int length = in.getInt();
            BodyReader section = new BodyReader(in.slice(in.position(), length));
            in.position(in.position() + length);
            if (type == MARKS) {
                marks = section.getOwnList(Checkpoint::getMark);
            } else if (type == CURSORS) {
                cursors = section.getOwnList(Checkpoint::getCursor);
            }
        }
        return new Checkpoint(position, marks, cursors);
    }

    private static Mark getMark(BodyReader in) throws MalformedPacketException {
        return new Mark(new StreamId(in.getLong(), in.getInt()), in.getLong());
    }

    private static Cursor getCursor(BodyReader from) throws MalformedPacketException {
        BodyReader in = new BodyReader(from.getBytes(from.getInt()));
        return new Cursor(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getOwnList(Checkpoint::getMark),
                in.getOwnList(element -> {
                    Mark mark = getMark(element);
                    return new Gap(mark.stream(), element.getLong(), mark.sequence());
                }));
    }
}
