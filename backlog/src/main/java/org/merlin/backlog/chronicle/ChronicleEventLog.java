package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogFullException;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.chronicle.LogDirectory.LastEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log on disk: a chain of segments, each a Chronicle queue in a directory that is named by the position of its
 * first event. The chain rolls by size, never by time. One document holds one record, see {@link RecordFormat}.
 *
 * <p>What is appended survives the death of the process at once, and a power loss from the next {@link #sync()} on.
 * One process at a time has a log open. Opening, appending, syncing and closing are confined to the log's thread (one
 * may open and another go on); the rest may be called from any.
 */
public final class ChronicleEventLog implements EventLog {
    /** What a new segment writes before its first record: its table, header and first pages of index. */
    private static final long SEGMENT_OVERHEAD_BYTES = 128 << 10;

    /** What a record takes beside its bytes: Chronicle's header, ours, padding, its share of the index. */
    private static final long RECORD_OVERHEAD_BYTES = RecordFormat.HEADER_BYTES + 12;

    private static final Logger LOG = LoggerFactory.getLogger(ChronicleEventLog.class);

    private final LogDirectory directory;
    private final LogSettings settings;
    private final DiskGuard guard;
    private final SegmentChain chain = new SegmentChain();
    private final List<SegmentWriter> unsynced = new ArrayList<>();
    private SegmentWriter writer;
    private volatile boolean closed;
    private boolean broken;

    /**
     * Opens the log in {@code directory}, or makes an empty one. After a kill it goes on behind the last whole record,
     * after a power loss behind the last one up to which all are whole.
     *
     * @throws IOException if the directory cannot be used, or another process has the log open
     * @throws IllegalStateException if the JVM lacks the flags that Chronicle Queue needs; the message names them
     */
    public static ChronicleEventLog open(Path directory, LogSettings settings) throws IOException {
        LogDirectory claimed = LogDirectory.claim(directory);
        return open(claimed, settings, claimed::usableBytes);
    }

    /** With a disk of the caller's making. */
    static ChronicleEventLog open(LogDirectory claimed, LogSettings settings, LongSupplier usableBytes)
            throws IOException {
        try {
            ChronicleRuntime.prepare();
            return new ChronicleEventLog(claimed, settings, usableBytes);
        } catch (IOException | RuntimeException | Error failed) {
            claimed.release(false);
            throw failed;
        }
    }

    private ChronicleEventLog(LogDirectory directory, LogSettings settings, LongSupplier usableBytes)
            throws IOException {
        this.directory = directory;
        this.settings = settings;
        this.guard = new DiskGuard(directory.path(), settings.minimumFreeBytes(), usableBytes);
        takeUp(directory.bases());
        directory.begin();
    }

    private void takeUp(List<Long> bases) throws IOException {
        int last = bases.size() - 1;
        if (last < 0) {
            begin(0);
            return;
        }
        boolean powerLost = directory.lastEnd() == LastEnd.POWER_LOST;
        for (int i = 0; i < last - 1; i++) {
            addFull(bases.get(i), bases.get(i + 1));
        }
        if (last > 0 && powerLost && endsAtAHole(bases.get(last - 1), bases.get(last))) {
            return;
        }
        if (last > 0) {
            addFull(bases.get(last - 1), bases.get(last));
        }
        if (powerLost) {
            copyWhole(bases.get(last));
        } else if (directory.lastEnd() == LastEnd.KILLED) {
            takeFromTheDead(bases.subList(Math.max(0, last - 1), last + 1));
        }
        goOn(bases.get(last));
    }

    /**
     * Whether a power loss has left a hole before the last segment. That one then goes with it, else the log would have
     * a hole that nobody knows of; and the log goes on where the hole was.
     */
    private boolean endsAtAHole(long base, long last) throws IOException {
        boolean synced = directory.isSynced(base);
        SegmentTail tail = synced ? fullTail(new Segment(directory.segment(base), base), last) : copyWhole(base);
        if (tail.end() == last) {
            return false;
        }
        directory.delete(directory.segment(last));
        if (synced) {
            addFull(base, tail.end());
            begin(tail.end());
        } else {
            goOn(base);
        }
        return true;
    }

    /** Breaks the last segment's lock, and syncs what that process did not and we may append behind. */
    private void takeFromTheDead(List<Long> lastTwo) throws IOException {
        for (long base : lastTwo) {
            SegmentWriter.sync(directory.segment(base));
        }
        if (lastTwo.size() > 1 && !directory.isSynced(lastTwo.get(0))) {
            directory.markSynced(lastTwo.get(0));
        }
        Path segment = directory.segment(lastTwo.get(lastTwo.size() - 1));
        if (Files.exists(segment.resolve(ChronicleRuntime.tableFile()))) {
            ChronicleRuntime.breakLock(segment);
        }
    }

    /** A segment that another follows: its last record should end where that begins. */
    private void addFull(long base, long following) throws IOException {
        Segment segment = new Segment(directory.segment(base), base);
        SegmentTail tail = fullTail(segment, following);
        if (tail.end() != following) {
            LOG.warn(
                    "log segment {}: ends at position {}, the next begins at {}; what lies between is lost",
                    segment.directory(),
                    tail.end(),
                    following);
        }
        segment.reached(tail);
        segment.seal();
        chain.add(segment);
    }

    private SegmentTail fullTail(Segment segment, long following) throws IOException {
        try {
            SegmentTail tail = ask(segment);
            if (tail.end() == following) {
                return tail;
            }
        } catch (RuntimeException | AssertionError lost) {
            LOG.debug("log segment {}: its end cannot be found", segment.directory(), lost);
        }
        return SegmentFile.walk(segment.directory(), segment.base(), (events, record) -> {});
    }

    /** Goes on in the last segment as it is. */
    private void goOn(long base) throws IOException {
        Segment segment = new Segment(directory.segment(base), base);
        SegmentTail tail;
        try {
            tail = ask(segment);
        } catch (RuntimeException | AssertionError lost) {
            LOG.warn("log segment {}: its end cannot be found", segment.directory(), lost);
            copyWhole(base);
            tail = ask(segment);
        }
        if (tail.records() == 0) {
            directory.delete(segment.directory()); // perhaps it was being made when the process ended
            begin(base);
            return;
        }
        segment.reached(tail);
        chain.add(segment);
        writer = new SegmentWriter(segment);
    }

    /**
     * Replaces a segment by a copy of its whole records: its file may be torn anywhere, its index too.
     *
     * @return where the copy ends
     */
    private SegmentTail copyWhole(long base) throws IOException {
        Segment copy = new Segment(directory.copy(base), base);
        SegmentWriter copying = new SegmentWriter(copy);
        try {
            SegmentFile.walk(directory.segment(base), base, (events, record) -> {
                guard.allow(record.remaining() + RECORD_OVERHEAD_BYTES);
                copying.append(events, record);
            });
            copying.sync();
        } finally {
            copying.close();
        }
        directory.replace(base);
        LOG.warn(
                "log segment {}: may be torn; its {} whole records, up to position {}, are kept",
                directory.segment(base),
                copy.tail().records(),
                copy.tail().end());
        return copy.tail();
    }

    private static SegmentTail ask(Segment segment) {
        SingleChronicleQueue queue = segment.hold();
        try {
            return SegmentTail.ask(queue, segment.base());
        } finally {
            segment.letGo();
        }
    }

    private void begin(long base) {
        Segment segment = new Segment(directory.segment(base), base);
        writer = new SegmentWriter(segment);
        chain.add(segment);
    }

    @Override
    public long append(ByteBuffer record, int events) {
        requireUsable();
        EventLog.requireAppendable(record, events);
        guard.allow(record.remaining() + RECORD_OVERHEAD_BYTES);
        long position = end();
        try {
            // The last record of a full segment has events: then its end tells that none is missing, the next
            // segment has another name, and all that lies at a position lies in one segment.
            if (writer.segment().tail().bytes() >= settings.segmentBytes() && writer.lastEvents() > 0) {
                roll(position);
            }
            writer.append(events, record);
        } catch (IOException failed) {
            throw cannotSync(failed);
        } catch (InternalError fault) {
            broken = true; // the disk failed or filled up under the mapped memory
            throw new IllegalStateException("log " + directory.path() + ": its disk failed while appending", fault);
        }
        return position;
    }

    /** @throws LogFullException with the chain as it was */
    private void roll(long base) throws IOException {
        guard.allow(SEGMENT_OVERHEAD_BYTES);
        syncFull(); // so that never more than the last two segments can be torn
        SegmentWriter full = writer;
        begin(base);
        full.segment().seal();
        unsynced.add(full);
    }

    @Override
    public void sync() {
        requireUsable();
        syncAll();
    }

    private void syncAll() {
        try {
            syncFull();
            writer.sync();
        } catch (IOException failed) {
            throw cannotSync(failed);
        }
    }

    private void syncFull() throws IOException {
        for (SegmentWriter full : unsynced) {
            full.sync();
            full.close();
            directory.markSynced(full.segment().base());
        }
        unsynced.clear();
    }

    private UncheckedIOException cannotSync(IOException failed) {
        broken = true; // what a failed sync has dropped, a second one would not miss
        return new UncheckedIOException("log " + directory.path() + ": cannot be forced to its disk", failed);
    }

    @Override
    public long start() {
        return chain.first().base();
    }

    @Override
    public long end() {
        return chain.last().tail().end();
    }

    @Override
    public long bytes() {
        return chain.bytes();
    }

    @Override
    public Reader reader(long position) {
        if (closed) {
            throw new IllegalStateException("log " + directory.path() + ": is closed");
        }
        return new LogReader(chain, position, () -> closed);
    }

    private void requireUsable() {
        if (closed || broken) {
            throw new IllegalStateException(
                    "log " + directory.path() + ": " + (closed ? "is closed" : "its disk failed before"));
        }
    }

    /** Syncs and closes. Readers that are open fail from now on; their memory goes when they are closed. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean inOrder = false;
        try {
            if (!broken) {
                syncAll();
                inOrder = true;
            }
        } finally {
            closeFiles(inOrder);
        }
    }

    private void closeFiles(boolean inOrder) {
        unsynced.forEach(SegmentWriter::close);
        unsynced.clear();
        writer.close();
        try {
            directory.release(inOrder);
        } catch (IOException failed) {
            throw new UncheckedIOException("log " + directory.path() + ": cannot be closed", failed);
        }
    }
}
