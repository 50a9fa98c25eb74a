package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.merlin.backlog.LogFullException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the segments that are in a log's directory, and mends what the end of its last use has left of them. After a
 * kill all is there but for a lock and a torn document. After a power loss only what was synced is sure to be there: of
 * the last segment, and of the one before unless it is marked as synced, the whole records up to the first that is not
 * are copied and take their place. May be interrupted at any point, and is then begun again. Confined to the thread
 * that opens the log.
 */
final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

    private final LogDirectory directory;
    private final DiskGuard guard;
    private final SegmentChain chain;

    LogRecovery(LogDirectory directory, DiskGuard guard, SegmentChain chain) {
        this.directory = directory;
        this.guard = guard;
        this.chain = chain;
    }

    /** Fills the chain, and opens its last segment for appending. */
    SegmentWriter takeUp() throws IOException {
        List<Long> bases = new ArrayList<>(directory.bases());
        switch (directory.lastEnd()) {
            case POWER_LOST -> mend(bases);
            case KILLED -> takeFromTheDead(bases);
            case IN_ORDER -> LOG.debug("log {}: was closed in order", directory.path());
        }
        int last = bases.size() - 1;
        for (int i = 0; i < last; i++) {
            addFull(bases.get(i), bases.get(i + 1));
        }
        return last < 0 ? begin(0) : goOn(bases.get(last));
    }

    private void mend(List<Long> bases) throws IOException {
        boolean lastStays = bases.size() < 2 || mendBeforeLast(bases);
        if (lastStays && !bases.isEmpty()) {
            copyWhole(bases.get(bases.size() - 1));
        }
    }

    /**
     * Sees to the last segment but one. If it has lost its end, what follows that hole goes with it, else the log would
     * have a hole that nobody knows of; the log goes on where the hole was.
     *
     * @return whether the last segment stays
     */
    private boolean mendBeforeLast(List<Long> bases) throws IOException {
        int last = bases.size() - 1;
        long base = bases.get(last - 1);
        long following = bases.get(last);
        SegmentTail tail = directory.isSynced(base)
                ? fullTail(new Segment(directory.segment(base), base), following)
                : copyWhole(base);
        if (tail.end() == following) {
            return true;
        }
        directory.delete(directory.segment(following));
        bases.remove(last);
        if (tail.end() > base) {
            bases.add(tail.end());
        }
        return false;
    }

    /** Syncs what that process did not and we may append behind, and breaks its lock on the last segment. */
    private void takeFromTheDead(List<Long> bases) throws IOException {
        int count = bases.size();
        for (long base : bases.subList(Math.max(0, count - 2), count)) {
            SegmentWriter.sync(directory.segment(base));
        }
        if (count > 1 && !directory.isSynced(bases.get(count - 2))) {
            directory.markSynced(bases.get(count - 2));
        }
        if (count > 0) {
            ChronicleRuntime.breakLock(directory.segment(bases.get(count - 1)));
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

    /** Where a segment ends that another follows. One whose index leads out of it is replaced, else who reads it would be led there. */
    private SegmentTail fullTail(Segment segment, long following) throws IOException {
        if (!SegmentIndex.isWithin(segment.directory())) {
            return copyWhole(segment.base());
        }
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

    /** Goes on in the last segment as it is. Where nothing is in it yet Chronicle would wait for a dead process to finish making it. */
    private SegmentWriter goOn(long base) throws IOException {
        if (SegmentFile.holdsNone(directory.segment(base))) {
            return beginAnew(base);
        }
        Segment segment = new Segment(directory.segment(base), base);
        SegmentTail tail = askOrNone(segment);
        if (tail.records() == 0) {
            if (copyWhole(base).records() == 0) {
                return beginAnew(base);
            }
            tail = ask(segment);
        }
        directory.unmarkSynced(base); // it was full once, if those behind it are gone
        segment.reached(tail);
        chain.add(segment);
        return new SegmentWriter(segment);
    }

    /** As {@link #ask}; no records where Chronicle does not find its end, or would look for it outside. */
    private static SegmentTail askOrNone(Segment segment) throws IOException {
        if (!SegmentIndex.isWithin(segment.directory())) {
            return segment.tail();
        }
        try {
            return ask(segment);
        } catch (RuntimeException | AssertionError lost) {
            LOG.warn("log segment {}: its end cannot be found", segment.directory(), lost);
            return segment.tail();
        }
    }

    /** Instead of a segment of which nothing is left. */
    private SegmentWriter beginAnew(long base) throws IOException {
        if (Files.exists(directory.segment(base))) {
            directory.delete(directory.segment(base));
        }
        return begin(base);
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
                guard.allow(RecordFormat.diskBytes(record));
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
        SingleChronicleQueue queue = segment.holdForMending();
        try {
            return SegmentTail.ask(queue, segment.base());
        } finally {
            segment.letGo();
        }
    }

    /** @throws LogFullException if there is no room for a new segment: memory mapped on a full disk faults */
    private SegmentWriter begin(long base) {
        guard.allow(ChronicleEventLog.SEGMENT_OVERHEAD_BYTES);
        SegmentWriter writer = SegmentWriter.begin(directory, base);
        chain.add(writer.segment());
        return writer;
    }
}
