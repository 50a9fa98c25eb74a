package org.merlin.backlog.chronicle;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.merlin.backlog.EventLog;

/**
 * Reads through the chain of segments. It knows from the segments' counts what is there, and touches a queue only to
 * read a record that is: asking at the end of the log costs a few volatile reads. Confined to one thread.
 */
final class LogReader implements EventLog.Reader {
    private final SegmentChain chain;
    private final BooleanSupplier logClosed;
    private Segment segment;
    private RollCycle cycle;
    private ExcerptTailer tailer;
    private long next; // number of the next record in its segment
    private boolean placed; // whether the tailer stands before it
    private boolean closed;
    private boolean any;
    private long position;
    private int events;
    private byte[] bytes = {};

    LogReader(SegmentChain chain, long from, BooleanSupplier logClosed) {
        this.chain = chain;
        this.logClosed = logClosed;
        enterFrom(chain.at(from));
        try {
            next = firstThatReaches(from);
        } catch (RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    /** Enters a segment, or the one that is first after it has gone. */
    private void enterFrom(Segment wanted) {
        Segment entering = wanted;
        while (true) {
            try {
                enter(entering);
                return;
            } catch (SegmentGoneException gone) {
                entering = chain.after(entering);
            }
        }
    }

    private void enter(Segment entered) throws SegmentGoneException {
        synchronized (entered) { // its files are not deleted before the tailer has them open
            SingleChronicleQueue queue = entered.hold();
            try {
                tailer = queue.createTailer().toStart();
            } catch (RuntimeException | Error failed) {
                entered.letGo();
                throw failed;
            }
            cycle = queue.rollCycle();
        }
        segment = entered;
        next = 0;
        placed = false;
    }

    private void leave() {
        try {
            tailer.close();
        } finally {
            segment.letGo();
        }
    }

    /** Bisects: every record says where it lies. The number of records if none reaches {@code from}. */
    private long firstThatReaches(long from) {
        long low = 0;
        long high = segment.tail().records();
        if (from <= segment.base()) {
            return low;
        }
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (reaches(middle, from)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private boolean reaches(long number, long from) {
        place(number);
        try (DocumentContext document = present(tailer.readingDocument(), number)) {
            Bytes<?> in = document.wire().bytes();
            long itsPosition = in.readLong();
            return itsPosition >= from || itsPosition + in.readInt() > from;
        }
    }

    @Override
    public boolean next() {
        if (closed || logClosed.getAsBoolean()) {
            throw new IllegalStateException(closed ? "the reader is closed" : "the log is closed");
        }
        while (true) {
            boolean sealed = segment.sealed(); // asked first: what is sealed has all its records
            if (next < segment.tail().records()) {
                read();
                return true;
            }
            if (!sealed) {
                return false;
            }
            Segment following = chain.after(segment);
            leave();
            enterOrClose(following);
        }
    }

    private void enterOrClose(Segment following) {
        try {
            enterFrom(following);
        } catch (RuntimeException | Error failed) {
            closed = true; // nothing is held any more
            throw failed;
        }
    }

    private void read() {
        if (!placed) {
            place(next);
            placed = true;
        }
        try (DocumentContext document = present(tailer.readingDocument(), next)) {
            Bytes<?> in = document.wire().bytes();
            long itsPosition = in.readLong();
            int itsEvents = in.readInt();
            in.readSkip(Integer.BYTES);
            requireContinued(itsPosition, itsEvents);
            bytes = RecordFormat.readBytes(in);
            position = itsPosition;
            events = itsEvents;
        }
        any = true;
        next++;
    }

    private void requireContinued(long itsPosition, int itsEvents) {
        long expected = next == 0 ? segment.base() : any ? position + events : itsPosition;
        if (itsPosition != expected || itsEvents < 0) {
            throw damaged("record " + next + " says position " + itsPosition + " and " + itsEvents
                    + " events where position " + expected + " was to come");
        }
    }

    private void place(long number) {
        if (!tailer.moveToIndex(cycle.toIndex(0, number))) {
            throw damaged("record " + number + " of " + segment.tail().records() + " is not there");
        }
    }

    private DocumentContext present(DocumentContext document, long number) {
        if (!document.isPresent()) {
            document.close();
            throw damaged("record " + number + " of " + segment.tail().records() + " cannot be read");
        }
        return document;
    }

    private IllegalStateException damaged(String what) {
        return new IllegalStateException("log segment " + segment.directory() + " is damaged: " + what);
    }

    @Override
    public long position() {
        requireAny();
        return position;
    }

    @Override
    public int events() {
        requireAny();
        return events;
    }

    @Override
    public ByteBuffer record() {
        requireAny();
        return ByteBuffer.wrap(bytes);
    }

    private void requireAny() {
        if (!any) {
            throw new IllegalStateException("no record: next() has not said yes");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            leave();
        }
    }
}
