package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
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
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleEventLog.class);
    /** What a new segment writes before its first record: its table, header and first pages of index. */
    static final long SEGMENT_OVERHEAD_BYTES = 128 << 10;

    private static final int WORTH_CLOSING = 16;

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
            claimed.release();
            throw failed;
        }
    }

    private ChronicleEventLog(LogDirectory directory, LogSettings settings, LongSupplier usableBytes)
            throws IOException {
        this.directory = directory;
        this.settings = settings;
        this.guard = new DiskGuard(directory.path(), settings.minimumFreeBytes(), usableBytes);
        this.writer = new LogRecovery(directory, guard, chain).takeUp();
        try {
            directory.begin();
            if (directory.closedAt() > end()) {
                LOG.warn(
                        "MRL-1056 log {}: ends at position {}, but was closed at {}: {} events are lost",
                        directory.path(),
                        end(),
                        directory.closedAt(),
                        directory.closedAt() - end());
                leap(directory.closedAt());
            }
        } catch (IOException | RuntimeException failed) {
            writer.close();
            throw failed;
        }
    }

    @Override
    public long append(ByteBuffer record, int events) {
        requireUsable();
        EventLog.requireAppendable(record, events);
        long bytes = RecordFormat.diskBytes(record);
        boolean closesSegment = !guard.allows(bytes);
        if (closesSegment && !(events > 0 && isWorthClosing() && guard.spares(bytes + SEGMENT_OVERHEAD_BYTES))) {
            guard.allow(bytes);
        }
        long position = end();
        try {
            // The last record of a full segment has events: then its end tells that none is missing, the next
            // segment has another name, and all that lies at a position lies in one segment.
            if (writer.segment().tail().bytes() >= settings.segmentBytes() && writer.lastEvents() > 0) {
                guard.allow(SEGMENT_OVERHEAD_BYTES);
                roll(position);
            }
            writer.append(events, record);
            if (closesSegment) {
                roll(end());
            }
        } catch (IOException failed) {
            throw cannotSync(failed);
        } catch (InternalError fault) {
            broken = true; // the disk failed or filled up under the mapped memory
            throw new IllegalStateException("log " + directory.path() + ": its disk failed while appending", fault);
        }
        return position;
    }

    /**
     * Whether the last segment is so long that on a full disk it is followed by another: what goes, goes by the segment, and what
     * nobody needs could not go before it were full.
     */
    private boolean isWorthClosing() {
        return writer.segment().tail().bytes() >= settings.segmentBytes() / WORTH_CLOSING;
    }

    private void roll(long base) throws IOException {
        syncFull(); // so that never more than the last two segments can be torn
        SegmentWriter full = writer;
        writer = SegmentWriter.begin(directory, base);
        chain.add(writer.segment());
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
    public void discard(long position) {
        requireUsable();
        try {
            while (chain.first() != chain.last() && chain.after(chain.first()).base() <= position) {
                Segment oldest = chain.first();
                syncFull(); // else it may still be open for writing
                chain.removeFirst();
                oldest.abandon();
                directory.discard(oldest.base());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("log " + directory.path() + ": a segment cannot be deleted", failed);
        }
    }

    @Override
    public void leap(long position) {
        requireUsable();
        if (position <= end()) {
            return;
        }
        try {
            guard.allow(SEGMENT_OVERHEAD_BYTES);
            roll(position);
        } catch (IOException failed) {
            throw cannotSync(failed);
        }
    }

    @Override
    public long startWithin(long maxBytes) {
        return chain.startWithin(maxBytes);
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
            if (inOrder) {
                directory.closed(end());
            }
            directory.release();
        } catch (IOException failed) {
            throw new UncheckedIOException("log " + directory.path() + ": cannot be closed", failed);
        }
    }
}
