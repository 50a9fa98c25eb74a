package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.io.UncheckedIOException;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
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
     * Asks Chronicle for the last record and looks at it and at the one before: true to what was appended while the system
     * that appended it still runs, and for what was synced.
     *
     * @throws IllegalStateException if there is one that cannot be read, or how many there are is wrong
     */
    static SegmentTail ask(SingleChronicleQueue queue, long base) {
        long last = queue.lastIndex();
        if (last < 0) {
            return new SegmentTail(0, base, 0);
        }
        RollCycle cycle = queue.rollCycle();
        long number = cycle.toSequenceNumber(last);
        SegmentTail before = new SegmentTail(number, base, 0);
        try (ExcerptTailer tailer = queue.createTailer()) {
            if (tailer.moveToIndex(last)) {
                Last found = before.read(tailer);
                if (before.reaches(found.position, cycle, tailer) || before.isCounted(queue, found)) {
                    return new SegmentTail(number, found.position, found.bytes).and(found.events, found.bytes);
                }
            }
        }
        throw before.unreadable();
    }

    /** A record, and where it ends in the file. */
    private record Last(long position, int events, long bytes) {}

    private Last read(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent() || document.wire().bytes().readRemaining() < RecordFormat.HEADER_BYTES) {
                throw unreadable();
            }
            Bytes<?> in = document.wire().bytes();
            long behind = in.readPosition() + in.readRemaining();
            Last found = new Last(in.readLong(), in.readInt(), behind);
            if (found.events < 0 || found.position < end) {
                throw unreadable();
            }
            return found;
        }
    }

    /**
     * Whether the record before the last one ends where that begins. Chronicle finds the last one by a note of where it is and
     * of its number, which may disagree; it finds others by counting.
     */
    private boolean reaches(long position, RollCycle cycle, ExcerptTailer tailer) {
        if (records == 0) {
            return position == end;
        }
        if (!tailer.moveToIndex(cycle.toIndex(0, records - 1))) {
            return false;
        }
        Last previous = new SegmentTail(records - 1, end, 0).read(tailer);
        return previous.position + previous.events == position;
    }

    /** Whether the file holds as many records, of which the one before the last may be damaged. */
    private boolean isCounted(SingleChronicleQueue queue, Last last) {
        try {
            return SegmentFile.count(queue.file().toPath(), last.bytes) == records + 1;
        } catch (IOException e) {
            throw new UncheckedIOException(queue.file() + " cannot be read", e);
        }
    }

    private IllegalStateException unreadable() {
        return new IllegalStateException("the record after " + records + " others cannot be read");
    }
}
