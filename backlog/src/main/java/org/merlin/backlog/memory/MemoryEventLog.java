package org.merlin.backlog.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.merlin.backlog.EventLog;

/** Keeps all records on the heap, without a bound. Appending is for one thread, reading for any. */
public final class MemoryEventLog implements EventLog {
    private final List<Entry> entries = new ArrayList<>(); // guarded by this
    private long bytes; // guarded by this
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

    @Override
    public long start() {
        return 0;
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
        return new MemoryReader(low);
    }

    @Override
    public void close() {
        closed = true;
    }

    private synchronized Entry entryOrNull(int index) {
        requireOpen();
        return index < entries.size() ? entries.get(index) : null;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the log is closed");
        }
    }

    private final class MemoryReader implements Reader {
        private int next;
        private Entry current;
        private boolean readerClosed;

        MemoryReader(int next) {
            this.next = next;
        }

        @Override
        public boolean next() {
            if (readerClosed) {
                throw new IllegalStateException("the reader is closed");
            }
            Entry entry = entryOrNull(next);
            if (entry == null) {
                return false;
            }
            current = entry;
            next++;
            return true;
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
