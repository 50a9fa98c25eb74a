package org.merlin.backlog.chronicle;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.merlin.backlog.EventLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads through the chain of segments. It knows from the segments' counts what is there, and touches a queue only to
 * read a record that is: asking at the end of the log costs a few volatile reads. Confined to one thread.
 */
final class LogReader implements EventLog.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    private final SegmentChain chain;
    private final RecordFormat format = new RecordFormat();
    private final BooleanSupplier logClosed;
    private Segment segment;
    private RollCycle cycle;
    private ExcerptTailer tailer;
    private long next; // number of the next record in its segment
    private boolean placed; // whether the tailer stands before it
    private boolean closed;
    private boolean any;
    private long expected = -1; // position of the next record, where that is known
    private long position;
    private int events;
    private byte[] bytes = {};

    LogReader(SegmentChain chain, long from, BooleanSupplier logClosed) {
        this.chain = chain;
        this.logClosed = logClosed;
        enterFrom(chain.at(from));
        try {
            next = firstThatReaches(from);
            expected = next == 0 ? segment.base() : -1;
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
        expected = entered.base();
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
        try {
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (reaches(middle, from)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        } catch (DamagedRecordException damaged) {
            return firstOfAll(low, from);
        }
    }

    private long firstOfAll(long first, long from) {
        long number = first;
        while (number < segment.tail().records()) {
            try {
                if (reaches(number, from)) {
                    return number;
                }
            } catch (DamagedRecordException damaged) {
                LOG.debug("passed over while looking for position {}", from, damaged);
            }
            number++;
        }
        return number;
    }

    private boolean reaches(long number, long from) throws DamagedRecordException {
        place(number);
        Found found = take(number);
        return found.position() >= from || found.position() + found.events() > from;
    }

    @Override
    public boolean next() {
        if (closed || logClosed.getAsBoolean()) {
            throw new IllegalStateException(closed ? "the reader is closed" : "the log is closed");
        }
        while (true) {
            boolean sealed = segment.sealed(); // asked first: what is sealed has all its records
            while (next < segment.tail().records()) {
                if (read()) {
                    return true;
                }
            }
            if (!sealed) {
                return false;
            }
            tellLost(segment.tail().end());
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

    /** Reads the next record, or passes it over: false. */
    private boolean read() {
        try {
            if (!placed) {
                place(next);
            }
            Found found = take(next);
            placed = true;
            next++;
            tellLost(found.position());
            bytes = found.bytes();
            position = found.position();
            events = found.events();
            any = true;
            expected = position + events;
            return true;
        } catch (DamagedRecordException damaged) {
            if (expected < 0) {
                expected = next == 0 ? segment.base() : expected;
            }
            if (segment.tellDamaged(next)) {
                LOG.warn(
                        "MRL-1056 log segment {}: record {} is damaged and passed over: {}",
                        segment.directory(),
                        next,
                        damaged.getMessage());
            }
            placed = false;
            next++;
            return false;
        }
    }

    /** What should have come before a position, and did not. */
    private void tellLost(long before) {
        if (expected >= 0 && before > expected && segment.tellDamaged(-expected - 1)) {
            LOG.warn(
                    "MRL-1056 log segment {}: {} events from position {} on are lost",
                    segment.directory(),
                    before - expected,
                    expected);
        }
        expected = Math.max(expected, before);
    }

    /** A record that is whole. */
    private record Found(long position, int events, byte[] bytes) {}

    private Found take(long number) throws DamagedRecordException {
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent() || document.wire().bytes().readRemaining() < RecordFormat.HEADER_BYTES) {
                throw new DamagedRecordException("it cannot be read");
            }
            Bytes<?> in = document.wire().bytes();
            if (in.readRemaining() > RecordFormat.HEADER_BYTES + EventLog.MAX_RECORD_BYTES) {
                throw new DamagedRecordException("it says that it has " + in.readRemaining() + " bytes");
            }
            long itsPosition = in.readLong();
            int itsEvents = in.readInt();
            int crc = in.readInt();
            byte[] itsBytes = RecordFormat.readBytes(in);
            if (crc != format.crc(itsPosition, itsEvents, ByteBuffer.wrap(itsBytes))) {
                throw new DamagedRecordException("its checksum is wrong");
            }
            if (itsPosition < Math.max(segment.base(), number == next ? expected : 0) || itsEvents < 0) {
                throw new DamagedRecordException(
                        "it says position " + itsPosition + " where " + expected + " was to come");
            }
            return new Found(itsPosition, itsEvents, itsBytes);
        } catch (IllegalStateException | IllegalArgumentException | AssertionError | BufferUnderflowException e) {
            throw new DamagedRecordException(e.toString());
        }
    }

    private void place(long number) throws DamagedRecordException {
        if (!tailer.moveToIndex(cycle.toIndex(0, number))) {
            throw new DamagedRecordException("it is not there");
        }
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
