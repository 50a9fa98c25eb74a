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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log on disk: a chain of segments, each a Chronicle queue in a directory that is named by the position of its
 * first event. The chain rolls by size, never by time. One document holds one record, see {@link RecordLayout}.
 *
 * <p>What is appended survives the death of the process at once, and a power loss from the next {@link #sync()} on.
 * One process at a time has a log open. Opening, appending, syncing and closing are confined to the log's thread (one
 * may open and another go on); the rest may be called from any.
 */
public final class ChronicleEventLog implements EventLog {
    /** What a new segment writes before its first record: its table, header and first pages of index. */
    private static final long SEGMENT_OVERHEAD_BYTES = 128 << 10;

    /** What a record takes beside its bytes: Chronicle's header, ours, padding, its share of the index. */
    private static final long RECORD_OVERHEAD_BYTES = RecordLayout.HEADER_BYTES + 12;

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
     * Opens the log in {@code directory}, or makes an empty one. After a kill it goes on behind the last whole record.
     *
     * @throws IOException if the directory cannot be used, or another process has the log open
     * @throws IllegalStateException if the JVM lacks the flags that Chronicle Queue needs; the message names them
     */
    public static ChronicleEventLog open(Path directory, LogSettings settings) throws IOException {
        ChronicleRuntime.prepare();
        LogDirectory claimed = LogDirectory.claim(directory);
        return open(claimed, settings, claimed::usableBytes);
    }

    /** With a disk of the caller's making. */
    static ChronicleEventLog open(LogDirectory claimed, LogSettings settings, LongSupplier usableBytes)
            throws IOException {
        try {
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
        List<Long> bases = directory.bases();
        for (int i = 0; i + 1 < bases.size(); i++) {
            addSealed(bases.get(i), bases.get(i + 1));
        }
        if (bases.isEmpty()) {
            begin(0);
        } else {
            goOn(bases.get(bases.size() - 1));
        }
    }

    /** A segment that another follows: its last record should end where that begins. */
    private void addSealed(long base, long following) throws IOException {
        Segment segment = new Segment(directory.segment(base), base);
        SegmentTail tail = lookAt(segment, following, false);
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

    /** The last segment: appended to further, unless what a power loss left of it makes that unsafe. */
    private void goOn(long base) throws IOException {
        Path path = directory.segment(base);
        Segment segment = new Segment(path, base);
        if (directory.leftOpen() && Files.exists(path.resolve(ChronicleRuntime.tableFile()))) {
            ChronicleRuntime.breakLock(path);
        }
        SegmentTail tail = lookAt(segment, Long.MAX_VALUE, directory.leftOpen());
        if (tail.intact() && (tail.records() > 0 || !directory.leftOpen())) {
            segment.reached(tail);
            chain.add(segment);
            writer = new SegmentWriter(segment);
        } else if (tail.end() > base) {
            LOG.warn("log segment {}: torn behind position {}; a new segment goes on there", path, tail.end());
            segment.reached(tail);
            segment.seal();
            chain.add(segment);
            begin(tail.end());
        } else {
            if (tail.intact()) {
                directory.delete(path); // it was being made when the process ended
            } else {
                LOG.warn("log segment {}: no record of it can be read; kept as {}", path, directory.setAside(path));
            }
            begin(base);
        }
    }

    private static SegmentTail lookAt(Segment segment, long following, boolean everywhere) {
        SingleChronicleQueue queue = segment.hold();
        try {
            if (!everywhere) {
                SegmentTail tail = SegmentTail.byLastRecord(queue, segment.base());
                if (tail.intact() && (following == Long.MAX_VALUE || tail.end() == following)) {
                    return tail;
                }
            }
            return SegmentTail.byWalking(queue, segment.base());
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
            // A segment without events does not roll: the next one would have the same name.
            if (writer.segment().tail().bytes() >= settings.segmentBytes()
                    && position > writer.segment().base()) {
                roll(position);
            }
            writer.append(events, record);
        } catch (InternalError fault) {
            broken = true; // the disk failed or filled up under the mapped memory
            throw new IllegalStateException("log " + directory.path() + ": its disk failed while appending", fault);
        }
        return position;
    }

    /** @throws LogFullException with the chain as it was */
    private void roll(long base) {
        guard.allow(SEGMENT_OVERHEAD_BYTES);
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
            for (SegmentWriter full : unsynced) {
                full.sync();
                full.close();
            }
            unsynced.clear();
            writer.sync();
        } catch (IOException failed) {
            broken = true; // what a failed sync has dropped, a second one would not miss
            throw new UncheckedIOException("log " + directory.path() + ": cannot be forced to its disk", failed);
        }
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
