package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;

/**
 * Packets in plain files, so that they survive a killed scheduler: a directory of numbered segments, of which the oldest goes
 * at the bound. Not synced: what a power loss takes from here is gone. Confined to the sender's thread.
 *
 * <pre>
 *   0         4        8
 *  +---------+--------+--------------+
 *  | length  | CRC-32C| packet bytes |   length of the packet; CRC over length and packet
 *  +---------+--------+--------------+
 * </pre>
 */
final class SpillFile implements AutoCloseable {
    private static final int RECORD_HEADER_BYTES = 8;
    private static final int MAX_PACKET_BYTES = PacketCursor.HEADER_BYTES + PacketCursor.MAX_BODY_BYTES;
    private static final int SEGMENTS = 8;
    private static final long KEPT_FREE_BYTES = 16 << 20;

    private final Path directory;
    private final long maxBytes;
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private long bytes;

    private static final class Segment {
        private final Path path;
        private final FileChannel channel;
        private long bytes;

        Segment(Path path) throws IOException {
            this.path = path;
            channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            bytes = channel.size();
        }
    }

    private SpillFile(Path directory, long maxBytes) {
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    /**
     * Opens what a former run left, and cuts off torn ends.
     *
     * @param found told every packet that is there, in order
     */
    static SpillFile open(Path directory, long maxBytes, Consumer<Packet> found) throws IOException {
        SpillFile file = new SpillFile(directory, maxBytes);
        Files.createDirectories(directory);
        for (Path path : numbered(directory)) {
            Segment segment = new Segment(path);
            file.segments.put(Long.parseLong(path.getFileName().toString()), segment);
            file.bytes += segment.bytes;
        }
        for (Map.Entry<Long, Segment> entry : file.segments.entrySet()) {
            file.cutTornEnd(entry.getKey(), entry.getValue(), found);
        }
        return file;
    }

    private static List<Path> numbered(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.getFileName().toString().matches("[0-9]{1,18}"))
                    .sorted(Comparator.comparingLong(
                            path -> Long.parseLong(path.getFileName().toString())))
                    .toList();
        }
    }

    private void cutTornEnd(long number, Segment segment, Consumer<Packet> found) throws IOException {
        Reader reader = new Reader(number, 0);
        while (reader.number == number && reader.peek() != null && reader.number == number) {
            found.accept(reader.peek());
            reader.advance();
        }
        if (reader.number == number && reader.offset < segment.bytes) {
            cut(segment, reader.offset);
        }
    }

    private void cut(Segment segment, long length) throws IOException {
        segment.channel.truncate(length);
        bytes -= segment.bytes - length;
        segment.bytes = length;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Appends packets: all of them, or none and the file is as before.
     *
     * @param dropped told every packet that went at the bound
     */
    void append(List<Packet> packets, Consumer<Packet> dropped) throws IOException {
        ByteBuffer records = records(packets);
        Segment last = segmentFor(records.remaining(), dropped);
        long start = last.bytes;
        try {
            long at = start;
            while (records.hasRemaining()) {
                at += last.channel.write(records, at);
            }
            last.bytes = at;
            bytes += at - start;
        } catch (IOException e) {
            last.channel.truncate(start);
            throw e;
        }
    }

    private static ByteBuffer records(List<Packet> packets) {
        int length = packets.stream()
                .mapToInt(packet -> RECORD_HEADER_BYTES + packet.length())
                .sum();
        ByteBuffer out = ByteBuffer.allocate(length);
        CRC32C crc = new CRC32C();
        for (Packet packet : packets) {
            out.putInt(packet.length()).putInt(crcOf(crc, packet.bytes())).put(packet.bytes());
        }
        return out.flip();
    }

    private static int crcOf(CRC32C crc, byte[] packet) {
        crc.reset();
        for (int shift = 24; shift >= 0; shift -= 8) {
            crc.update(packet.length >>> shift & 0xff);
        }
        crc.update(packet);
        return (int) crc.getValue();
    }

    private Segment segmentFor(int more, Consumer<Packet> dropped) throws IOException {
        while (bytes + more > maxBytes && segments.size() > 1) {
            dropOldest(dropped);
        }
        if (segments.isEmpty() || segments.lastEntry().getValue().bytes + more > maxBytes / SEGMENTS) {
            requireRoom(maxBytes / SEGMENTS);
            long number = segments.isEmpty() ? 1 : segments.lastKey() + 1;
            segments.put(number, new Segment(directory.resolve(String.format("%08d", number))));
        }
        return segments.lastEntry().getValue();
    }

    /** The daemon's log leaves room on the same disk, for checkpoints and what else must be written: it is not ours to fill. */
    private void requireRoom(long more) throws IOException {
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < KEPT_FREE_BYTES + more) {
            throw new IOException(usable + " bytes free on its disk, and " + KEPT_FREE_BYTES
                    + " stay free: what waits stays in memory");
        }
    }

    private void dropOldest(Consumer<Packet> dropped) throws IOException {
        Map.Entry<Long, Segment> oldest = segments.firstEntry();
        List<Packet> gone = new ArrayList<>();
        Reader reader = new Reader(oldest.getKey(), 0);
        while (reader.peek() != null && reader.number == oldest.getKey()) {
            gone.add(reader.peek());
            reader.advance();
        }
        delete(oldest.getKey());
        gone.forEach(dropped);
    }

    private void delete(long number) throws IOException {
        Segment segment = segments.remove(number);
        bytes -= segment.bytes;
        segment.channel.close();
        Files.deleteIfExists(segment.path);
    }

    /** Deletes everything. */
    void clear() throws IOException {
        for (Long number : List.copyOf(segments.keySet())) {
            delete(number);
        }
    }

    /** Reads from the oldest packet on. */
    Reader reader() {
        return new Reader(segments.isEmpty() ? 0 : segments.firstKey(), 0);
    }

    @Override
    public void close() throws IOException {
        for (Segment segment : segments.values()) {
            segment.channel.close();
        }
        segments.clear();
        bytes = 0;
    }

    /** A place in the file. What is appended behind it is read too; what is dropped in front of it is skipped. */
    final class Reader {
        private long number;
        private long offset;
        private ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).limit(0);
        private Packet next;

        private Reader(long number, long offset) {
            this.number = number;
            this.offset = offset;
        }

        /** The next packet, or null at the end of the file. */
        Packet peek() throws IOException {
            while (next == null) {
                next = read();
                if (next == null && !nextSegment()) {
                    return null;
                }
            }
            return next;
        }

        /** Goes on behind the packet that {@link #peek} showed. */
        void advance() {
            offset += RECORD_HEADER_BYTES + next.length();
            next = null;
        }

        private boolean nextSegment() {
            Long higher = segments.higherKey(number);
            if (higher == null) {
                return false;
            }
            number = higher;
            offset = 0;
            buffer.limit(0);
            return true;
        }

        /** Null where no whole, sound record is: at the end, or at what a crash has torn. */
        private Packet read() throws IOException {
            if (!buffered(RECORD_HEADER_BYTES)) {
                return null;
            }
            int length = buffer.getInt(buffer.position());
            if (length < PacketCursor.HEADER_BYTES
                    || length > MAX_PACKET_BYTES
                    || !buffered(RECORD_HEADER_BYTES + length)) {
                return null;
            }
            int crc = buffer.getInt(buffer.position() + Integer.BYTES);
            byte[] packet = new byte[length];
            buffer.get(buffer.position() + RECORD_HEADER_BYTES, packet);
            if (crc != crcOf(new CRC32C(), packet)) {
                return null;
            }
            try {
                Packet sound = Packet.parse(packet);
                buffer.position(buffer.position() + RECORD_HEADER_BYTES + length);
                return sound;
            } catch (MalformedPacketException e) {
                return null; // written by a version that we do not read
            }
        }

        private boolean buffered(int wanted) throws IOException {
            if (buffer.remaining() >= wanted) {
                return true;
            }
            Segment segment = segments.get(number);
            if (segment == null || segment.bytes - offset < wanted) {
                return false;
            }
            if (buffer.capacity() < wanted) {
                buffer = ByteBuffer.allocate(RECORD_HEADER_BYTES + MAX_PACKET_BYTES);
            }
            buffer.clear().limit((int) Math.min(buffer.capacity(), segment.bytes - offset));
            long at = offset;
            while (buffer.hasRemaining()) {
                int read = segment.channel.read(buffer, at);
                if (read < 0) {
                    break;
                }
                at += read;
            }
            buffer.flip();
            return buffer.remaining() >= wanted;
        }
    }
}
