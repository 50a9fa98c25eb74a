package org.merlin.backlog.chronicle;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Where a segment's readable records end.
 *
 * @param records how many there are
 * @param end position after the last one
 * @param bytes where the last one ends in the file
 * @param intact whether Chronicle would append right behind it; if not, nothing may be appended to this segment
 */
record SegmentTail(long records, long end, long bytes, boolean intact) {
    /** One more record of {@code events} behind this end. */
    SegmentTail and(int events, long bytesNow) {
        return new SegmentTail(records + 1, end + events, bytesNow, intact);
    }

    /** Looks at the last record alone: right after a clean end, and for segments that others follow. */
    static SegmentTail byLastRecord(SingleChronicleQueue queue, long base) {
        long last = queue.lastIndex();
        if (last < 0) {
            return new SegmentTail(0, base, 0, true);
        }
        try (ExcerptTailer tailer = queue.createTailer()) {
            if (!tailer.moveToIndex(last)) {
                return new SegmentTail(0, base, 0, false);
            }
            Walk walk = new Walk(base, queue.rollCycle().toSequenceNumber(last));
            boolean sound = walk.step(tailer, false);
            return new SegmentTail(walk.records, walk.end, walk.bytes, sound);
        }
    }

    /**
     * Goes through all records, up to the first that does not continue the one before: after a power loss, any page
     * that was not synced may have come back as zeros.
     */
    static SegmentTail byWalking(SingleChronicleQueue queue, long base) {
        Walk walk = new Walk(base, 0);
        boolean intact;
        try (ExcerptTailer tailer = queue.createTailer().toStart()) {
            boolean more = true;
            while (more) {
                more = walk.step(tailer, true);
            }
            intact = queue.lastIndex() == queue.rollCycle().toIndex(0, walk.records) - 1
                    || (walk.records == 0 && queue.lastIndex() < 0);
        } catch (RuntimeException | AssertionError broken) {
            intact = false; // what was counted so far is there and in order
        }
        return new SegmentTail(walk.records, walk.end, walk.bytes, intact);
    }

    private static final class Walk {
        private long records;
        private long end;
        private long bytes;

        Walk(long base, long records) {
            this.end = base;
            this.records = records;
        }

        /** Takes the next record if there is one and it is sound; false otherwise. */
        boolean step(ExcerptTailer tailer, boolean continued) {
            try (DocumentContext document = tailer.readingDocument()) {
                if (!document.isPresent() || document.wire() == null) {
                    return false;
                }
                Bytes<?> in = document.wire().bytes();
                if (in.readRemaining() < RecordLayout.HEADER_BYTES) {
                    return false;
                }
                long behind = in.readPosition() + in.readRemaining();
                long position = in.readLong();
                int events = in.readInt();
                if (events < 0 || (continued ? position != end : position < end)) {
                    return false;
                }
                records++;
                end = position + events;
                bytes = behind;
                return true;
            }
        }
    }
}
