package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

/**
 * Keeps this node's packets until the daemon has acknowledged them: in memory, and while the daemon is away also in a file,
 * so that a killed scheduler's events still reach it from the next run. At the file's bound the oldest go and are counted.
 * Confined to the sender's thread.
 *
 * <p>Packets have one order: by epoch, then by sequence. The file holds a run of them, memory holds the newest; what is in
 * both is sent from memory. What was lost on the way shows as a hole in the sequence and is named to the daemon.
 */
public final class Outbox implements AutoCloseable {
    /** Packet bytes of a chunk: what a write carries well. */
    static final int TARGET_CHUNK_BYTES = 60_000;

    private static final int FILE_BATCH_BYTES = 64 * 1024;

    private final long origin;
    private int epoch;
    private final long maxMemoryBytes;
    private final SpillFile file;
    private final FileTrouble trouble;
    private final PacketQueue memory = new PacketQueue();
    private final Map<Integer, Stream> streams = new TreeMap<>(Integer::compareUnsigned);
    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private long inFlightBytes;
    private long filedEnd;
    private boolean connected;
    private SpillFile.Reader reader;
    private boolean inFile;
    private long nextNumber;
    private long liveFrom;
    private long dropped;
    private long sentOnce;

    /**
     * How much may wait for the daemon.
     *
     * @param memoryBytes of packets, half of it in {@link Handoff}
     * @param fileBytes of packets in the file
     */
    public record Bounds(long memoryBytes, long fileBytes) {
        public static final Bounds DEFAULT = new Bounds(16L << 20, 64L << 20);
    }

    /** Told when the file cannot be used; packets are then kept in memory alone. */
    @FunctionalInterface
    public interface FileTrouble {
        void onFileTrouble(IOException cause);
    }

    /** A chunk that was sent and is not acknowledged. */
    private record InFlight(Stream stream, long upTo, int bytes) {}

    /** What is known of one epoch's stream. */
    private static final class Stream {
        private final StreamId id;
        private long last;
        private long acknowledged;
        private long sent;
        private long everSent;
        private long forgotten;
        private long filed;
        /** Went while they were on their way, so that the daemon may have them: runs of sequences, each by its first and last. */
        private final Deque<long[]> inDoubt = new ArrayDeque<>();

        Stream(StreamId id) {
            this.id = id;
        }

        void doubt(long sequence) {
            long[] newest = inDoubt.peekLast();
            if (newest != null && newest[1] == sequence - 1) {
                newest[1] = sequence;
            } else {
                inDoubt.add(new long[] {sequence, sequence});
            }
        }

        /** The daemon has all up to there. */
        void arrived(long upTo) {
            while (!inDoubt.isEmpty() && inDoubt.peekFirst()[1] <= upTo) {
                inDoubt.removeFirst();
            }
            if (!inDoubt.isEmpty()) {
                inDoubt.peekFirst()[0] = Math.max(inDoubt.peekFirst()[0], upTo + 1);
            }
        }

        /** The daemon has none above that; returns how many of those in doubt it lacks. */
        long lacks(long above) {
            long count = 0;
            while (!inDoubt.isEmpty() && inDoubt.peekLast()[1] > above) {
                long[] newest = inDoubt.removeLast();
                long first = Math.max(newest[0], above + 1);
                count += newest[1] - first + 1;
                if (newest[0] < first) {
                    inDoubt.add(new long[] {newest[0], first - 1});
                }
            }
            return count;
        }

        long waiting() {
            return Math.max(0, last - Math.max(acknowledged, forgotten));
        }
    }

    private Outbox(long origin, int epoch, long maxMemoryBytes, SpillFile file, FileTrouble trouble) {
        this.origin = origin;
        this.epoch = epoch;
        this.maxMemoryBytes = maxMemoryBytes;
        this.file = file;
        this.trouble = trouble;
    }

    /**
     * Opens what former runs left.
     *
     * @param origin of this node: what the file holds of others is left alone
     * @param epoch of this run
     * @param directory for the file
     */
    public static Outbox open(long origin, int epoch, Path directory, Bounds bounds, FileTrouble trouble)
            throws IOException {
        TreeMap<Integer, Stream> streams = new TreeMap<>(Integer::compareUnsigned);
        SpillFile file = SpillFile.open(directory, bounds.fileBytes(), packet -> {
            Stream stream = streams.computeIfAbsent(packet.epoch(), any -> {
                Stream fresh = new Stream(new StreamId(origin, packet.epoch()));
                fresh.forgotten = packet.sequence() - 1;
                return fresh;
            });
            stream.last = Math.max(stream.last, packet.sequence());
            stream.filed = stream.last;
        });
        Outbox outbox = new Outbox(origin, epoch, bounds.memoryBytes() / 2, file, trouble);
        outbox.streams.putAll(streams);
        outbox.streams.computeIfAbsent(epoch, any -> new Stream(new StreamId(origin, epoch)));
        return outbox;
    }

    /** From now on this run says what it says in another epoch. */
    void begin(int newEpoch) {
        epoch = newEpoch;
        stream(newEpoch);
    }

    /** Takes new packets, in order. */
    void add(List<Packet> packets) {
        for (Packet packet : packets) {
            stream(packet.epoch()).last = packet.sequence();
            memory.add(packet);
            if (memory.bytes() > maxMemoryBytes) {
                settle();
            }
        }
        settle();
    }

    private Stream stream(int epoch) {
        return streams.computeIfAbsent(epoch, any -> new Stream(new StreamId(origin, epoch)));
    }

    /** Brings file and memory to what they should hold. */
    private void settle() {
        if (!connected || memory.bytes() > maxMemoryBytes) {
            fileTheRest();
        }
        while (memory.bytes() > maxMemoryBytes) {
            evict();
        }
    }

    private void fileTheRest() {
        try {
            while (filedEnd < memory.end()) {
                List<Packet> batch = new ArrayList<>();
                int bytes = 0;
                for (long number = filedEnd; number < memory.end() && bytes < FILE_BATCH_BYTES; number++) {
                    Packet packet = memory.get(number);
                    batch.add(packet);
                    bytes += packet.length();
                }
                file.append(batch, this::onDroppedFromFile);
                filedEnd += batch.size();
                batch.forEach(packet -> stream(packet.epoch()).filed = packet.sequence());
            }
        } catch (IOException e) {
            trouble.onFileTrouble(e);
        }
    }

    private void evict() {
        long number = memory.first();
        Packet packet = memory.removeFirst();
        if (number >= filedEnd) {
            filedEnd = number + 1;
            drop(packet);
            if (file.isEmpty()) {
                forget(packet);
            }
            nextNumber = Math.max(nextNumber, memory.first());
        } else if (number >= nextNumber) {
            inFile = true;
        }
    }

    private void onDroppedFromFile(Packet packet) {
        if (memory.isEmpty() || !memory.get(memory.first()).notAfter(packet)) {
            drop(packet);
            forget(packet);
        }
    }

    private void drop(Packet packet) {
        Stream stream = stream(packet.epoch());
        if (packet.sequence() > stream.sent) {
            dropped++;
        } else if (packet.sequence() > stream.acknowledged) {
            stream.doubt(packet.sequence());
        }
    }

    private void forget(Packet packet) {
        Stream stream = stream(packet.epoch());
        stream.forgotten = Math.max(stream.forgotten, packet.sequence());
    }

    /**
     * The daemon is there.
     *
     * @param marks what it has of our streams; one that is not named is at 0
     */
    void onConnected(List<Mark> marks) {
        for (Stream stream : streams.values()) {
            stream.acknowledged = marks.stream()
                    .filter(mark -> mark.stream().equals(stream.id))
                    .mapToLong(Mark::sequence)
                    .findFirst()
                    .orElse(0);
            stream.sent = stream.acknowledged;
            stream.arrived(stream.acknowledged);
            dropped += stream.lacks(stream.acknowledged);
        }
        takeBack(chunk -> true);
        connected = true;
        liveFrom = memory.end();
        release();
        rewind();
    }

    /** The daemon is away: what it has not acknowledged goes into the file. */
    void onDisconnected() {
        connected = false;
        settle();
    }

    void onAcknowledged(List<Mark> marks) {
        for (Mark mark : marks) {
            Stream stream = streams.get(mark.stream().epoch());
            if (stream != null && mark.stream().equals(stream.id)) {
                stream.acknowledged = Math.max(stream.acknowledged, mark.sequence());
                stream.arrived(stream.acknowledged);
            }
        }
        while (!inFlight.isEmpty() && inFlight.peek().upTo <= inFlight.peek().stream.acknowledged) {
            inFlightBytes -= inFlight.remove().bytes;
        }
        release();
    }

    /** The daemon lacks what comes behind its mark. */
    void onGoBack(List<Mark> marks) {
        for (Mark mark : marks) {
            Stream stream = streams.get(mark.stream().epoch());
            if (stream != null && mark.stream().equals(stream.id)) {
                stream.sent = mark.sequence();
                dropped += stream.lacks(stream.sent);
                takeBack(chunk -> chunk.stream == stream && chunk.upTo > mark.sequence());
                rewind();
            }
        }
    }

    private void takeBack(Predicate<InFlight> what) {
        inFlight.removeIf(what);
        inFlightBytes = inFlight.stream().mapToLong(InFlight::bytes).sum();
    }

    private void rewind() {
        reader = null;
        inFile = !file.isEmpty();
        nextNumber = memory.first();
    }

    /** Lets go of what is acknowledged. */
    private void release() {
        if (!file.isEmpty() && streams.values().stream().allMatch(stream -> stream.filed <= stream.acknowledged)) {
            clearFile();
        }
        while (!memory.isEmpty() && acknowledged(memory.get(memory.first()))) {
            long number = memory.first();
            Packet packet = memory.removeFirst();
            if (number >= filedEnd) {
                filedEnd = number + 1;
            }
            if (file.isEmpty()) {
                forget(packet);
            }
        }
        nextNumber = Math.max(nextNumber, memory.first());
        if (file.isEmpty()) {
            streams.values().removeIf(stream -> stream.id.epoch() != epoch && stream.last <= stream.acknowledged);
        }
    }

    private void clearFile() {
        try {
            file.clear();
            reader = null;
            inFile = false;
            filedEnd = memory.first();
            for (Stream stream : streams.values()) {
                stream.forgotten = Math.max(stream.forgotten, Math.min(stream.filed, beforeMemory(stream)));
                stream.filed = 0;
            }
        } catch (IOException e) {
            trouble.onFileTrouble(e);
        }
    }

    /** The last sequence of a stream that cannot be in memory any more. */
    private long beforeMemory(Stream stream) {
        if (memory.isEmpty() || memory.get(memory.first()).epoch() != stream.id.epoch()) {
            return Long.MAX_VALUE;
        }
        return memory.get(memory.first()).sequence() - 1;
    }

    private boolean acknowledged(Packet packet) {
        return packet.sequence() <= stream(packet.epoch()).acknowledged;
    }

    /**
     * The next chunk for the daemon, as large as it should be and what is waiting allows.
     *
     * @return empty if nothing waits, while the daemon is away, and while as much as memory may hold is on its way: a daemon whose disk
     *     is full reads on and takes nothing
     */
    Optional<Chunk> next() {
        if (!connected) {
            return Optional.empty();
        }
        for (Stream stream : streams.values()) {
            if (stream.forgotten > stream.sent) {
                return Optional.of(lost(stream, stream.forgotten));
            }
        }
        return inFlightBytes < maxMemoryBytes ? nextPackets() : Optional.empty();
    }

    private static Chunk lost(Stream stream, long upTo) {
        long after = stream.sent;
        stream.sent = upTo;
        return Chunk.lost(stream.id, after, upTo);
    }

    private Optional<Chunk> nextPackets() {
        List<Packet> run = new ArrayList<>();
        Stream of = null;
        long after = 0;
        int bytes = 0;
        boolean live = false;
        for (Packet packet = peek(); packet != null; packet = peek()) {
            Stream stream = stream(packet.epoch());
            if (packet.sequence() <= stream.sent) {
                advance();
                continue;
            }
            boolean hole = packet.sequence() > stream.sent + 1;
            if (of == null && hole) {
                return Optional.of(lost(stream, packet.sequence() - 1));
            }
            if (of != null && (stream != of || hole || bytes + packet.length() > TARGET_CHUNK_BYTES)) {
                break;
            }
            if (of == null) {
                of = stream;
                after = stream.sent;
                live = !inFile && nextNumber >= liveFrom;
            }
            run.add(packet);
            bytes += packet.length();
            stream.sent = packet.sequence();
            advance();
        }
        return of == null ? Optional.empty() : Optional.of(chunk(of, after, run, bytes, live));
    }

    private Chunk chunk(Stream stream, long after, List<Packet> run, int bytes, boolean live) {
        ByteBuffer packets = ByteBuffer.allocate(bytes);
        run.forEach(packet -> packets.put(packet.bytes()));
        sentOnce += Math.max(0, stream.sent - Math.max(after, stream.everSent));
        stream.everSent = Math.max(stream.everSent, stream.sent);
        inFlight.add(new InFlight(stream, stream.sent, bytes));
        inFlightBytes += bytes;
        return new Chunk(stream.id, live ? 0 : Chunk.REPLAYED, after, stream.sent, run.size(), packets.flip());
    }

    private Packet peek() {
        if (inFile) {
            Packet packet = peekFile();
            if (packet != null
                    && (memory.isEmpty() || !memory.get(memory.first()).notAfter(packet))) {
                return packet;
            }
            inFile = false; // the reader stays where it is, for when memory runs over again
            nextNumber = memory.first();
        }
        return nextNumber < memory.end() ? memory.get(nextNumber) : null;
    }

    private Packet peekFile() {
        try {
            reader = reader == null ? file.reader() : reader;
            return reader.peek();
        } catch (IOException e) {
            trouble.onFileTrouble(e);
            return null;
        }
    }

    private void advance() {
        if (inFile) {
            reader.advance();
        } else {
            nextNumber++;
        }
    }

    /** How many events of this run and of former ones went to the daemon, each counted once. */
    long sentOnce() {
        return sentOnce;
    }

    /** How many events wait for the daemon's acknowledgement. */
    long events() {
        return streams.values().stream().mapToLong(Stream::waiting).sum();
    }

    /** Up to which sequence of this run the daemon has everything. */
    long acknowledged() {
        return stream(epoch).acknowledged;
    }

    /** How many events went at the bounds without having reached the daemon; of those on their way then, once it is known. */
    long dropped() {
        return dropped;
    }

    /** The daemon's mark of this run's stream if that is more than we ever made: then it will not take what comes next. */
    Optional<Mark> aheadOfUs() {
        Stream ours = stream(epoch);
        return ours.acknowledged > ours.last ? Optional.of(new Mark(ours.id, ours.acknowledged)) : Optional.empty();
    }

    /** Bytes of packets in memory. */
    long memoryBytes() {
        return memory.bytes();
    }

    /** Bytes of records in the file. */
    long fileBytes() {
        return file.bytes();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            trouble.onFileTrouble(e);
        }
    }

    static {
        if (TARGET_CHUNK_BYTES > Chunk.MAX_PACKET_BYTES
                || PacketCursor.HEADER_BYTES + PacketCursor.MAX_BODY_BYTES > Chunk.MAX_PACKET_BYTES) {
            throw new IllegalStateException("a chunk has no room for a packet");
        }
    }
}
