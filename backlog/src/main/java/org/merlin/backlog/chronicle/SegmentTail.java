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
 */
record SegmentTail(long records, long end, long bytes) {
    /** One more record of {@code events} behind this end. */
    SegmentTail and(int events, long bytesNow) {
        return new SegmentTail(records + 1, end + events, bytesNow);
    }

    /**
     * Asks Chronicle for the last record and looks at it alone: true to what was appended while the system that
     * appended it still runs, and for what was synced.
     *
     * @throws IllegalStateException if there is one that cannot be read
     */
    static SegmentTail ask(SingleChronicleQueue queue, long base) {
        long last = queue.lastIndex();
        if (last < 0) {
            return new SegmentTail(0, base, 0);
        }
        SegmentTail before = new SegmentTail(queue.rollCycle().toSequenceNumber(last), base, 0);
        try (ExcerptTailer tailer = queue.createTailer()) {
            if (tailer.moveToIndex(last)) {
                return before.over(tailer);
            }
        }
        throw before.unreadable();
    }

    private SegmentTail over(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent() || document.wire().bytes().readRemaining() < RecordFormat.HEADER_BYTES) {
                throw unreadable();
            }
            Bytes<?> in = document.wire().bytes();
            long behind = in.readPosition() + in.readRemaining();
            long position = in.readLong();
            int events = in.readInt();
            if (events < 0 || position < end) {
                throw unreadable();
            }
            return new SegmentTail(records, position, behind).and(events, behind);
        }
    }

    private IllegalStateException unreadable() {
        return new IllegalStateException("the record after " + records + " others cannot be read");
    }
}
