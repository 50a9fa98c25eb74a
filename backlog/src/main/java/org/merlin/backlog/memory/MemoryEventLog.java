package org.merlin.backlog.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.merlin.backlog.EventLog;

/** Keeps all records on the heap, without a bound. Appending is for one thread, reading for any. */
public final class MemoryEventLog implements EventLog {
    private final List<Entry> entries = new ArrayList<>(); // guarded by this
    private long bytes; // guarded by this
    private long firstNumber; // guarded by this: how many entries are gone
    private volatile long start;
    private volatile long end;
    private volatile boolean closed;

    private record Entry(long position, int events, byte[] bytes) {
        /** Whether a reader opened at {@code from} begins here or earlier. */
        boolean reaches(long from) {
            return position >= from || position + events > from;
        }
    }

    @Override
    public synchronized long append(ByteBuffer record, int events) {
        requireOpen();
        EventLog.requireAppendable(record, events);
        long position = end;
        byte[] copy = new byte[record.remaining()];
        record.duplicate().get(copy);
        entries.add(new Entry(position, events, copy));
        bytes += copy.length;
        end = position + events;
        return position;
    }

    @Override
    public void sync() {
        requireOpen();
    }

    /** Every record with events ends a segment here. */
    @Override
    public synchronized void discard(long position) {
        requireOpen();
        int count = 0;
        for (int i = 1; i < entries.size() && entries.get(i).position() <= position; i++) {
            if (entries.get(i - 1).events() > 0) {
                count = i; // all that lies at a position goes or stays together
            }
        }
        entries.subList(0, count).forEach(entry -> bytes -= entry.bytes().length);
        entries.subList(0, count).clear();
        firstNumber += count;
        start = entries.isEmpty() ? end : entries.get(0).position();
    }

    @Override
    public synchronized long startWithin(long maxBytes) {
        long kept = 0;
        long within = end;
        for (int i = entries.size() - 1; i >= 0; i--) {
            kept += entries.get(i).bytes().length;
            if (kept > maxBytes && i < entries.size() - 1) {
                return within;
            }
            within = i == 0 || entries.get(i - 1).events() > 0 ? entries.get(i).position() : within;
        }
        return within;
    }

    @Override
    public synchronized void leap(long position) {
        requireOpen();
        end = Math.max(end, position);
        if (entries.isEmpty()) {
            start = end;
        }
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public synchronized long bytes() {
        return bytes;
    }

    @Override
    public synchronized Reader reader(long position) {
        requireOpen();
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).reaches(position)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return new MemoryReader(firstNumber + low);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The entry of that number, or the first that is still there. With the lock held. */
    private Entry entryOrNull(long number) {
        requireOpen();
        int index = (int) Math.max(0, number - firstNumber);
        return index < entries.size() ? entries.get(index) : null;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
    }

    private final class MemoryReader implements Reader {
        private long next;
        private Entry current;
        private boolean readerClosed;

        MemoryReader(long next) {
            this.next = next;
        }

        @Override
        public boolean next() {
            if (readerClosed) {
                throw new IllegalStateException("the reader is closed");
            }
            synchronized (MemoryEventLog.this) {
                Entry entry = entryOrNull(next);
                if (entry == null) {
                    return false;
                }
                current = entry;
                next = Math.max(next, firstNumber) + 1;
                return true;
            }
        }

        @Override
        public long position() {
            return current().position();
        }

        @Override
        public int events() {
            return current().events();
        }

        @Override
        public ByteBuffer record() {
            return ByteBuffer.wrap(current().bytes().clone());
        }

        @Override
        public void close() {
            readerClosed = true;
        }

        private Entry current() {
            if (current == null) {
                throw new IllegalStateException("no record: next() has not said yes");
            }
            return current;
        }
    }
}
