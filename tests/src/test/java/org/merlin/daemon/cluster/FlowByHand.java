package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.memory.MemoryEventLog;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.StreamId;

/** The way of events through the daemon, from a source to links that take everything, with a log that forgets at once. */
public final class FlowByHand implements Source {
    private final List<Feed> feeds = new ArrayList<>();
    private final EventFlow flow;
    private long sentBytes;
    private long acknowledged;

    public FlowByHand(StreamId stream, int nodes) {
        flow = new EventFlow(new ForgetfulStore(), Long.MAX_VALUE, new Journal(NanoClock.SYSTEM));
        for (int i = 1; i <= nodes; i++) {
            feeds.add(flow.subscribe(new Node(i), "node" + i, MerlinConf.Backlog.DEFAULT));
        }
        flow.recover(() -> 0);
        feeds.forEach(feed -> feed.open(new OpenLink(), List.of(new Mark(stream, 0)), false));
    }

    /** Takes a chunk and sends it to all; returns how many bytes were sent. */
    public long take(Chunk chunk) {
        long before = sentBytes;
        flow.take(chunk, this);
        List<Mark> marks = List.of(new Mark(chunk.stream(), chunk.upTo()));
        feeds.forEach(feed -> feed.onAcknowledged(marks));
        long expected = (long) feeds.size() * (PacketCursor.HEADER_BYTES + chunk.recordBytes());
        if (sentBytes - before != expected || acknowledged != chunk.upTo()) {
            throw new IllegalStateException("sent " + (sentBytes - before) + " bytes instead of " + expected);
        }
        return expected;
    }

    @Override
    public String name() {
        return "source";
    }

    @Override
    public void acknowledge(Mark mark) {
        acknowledged = mark.sequence();
    }

    @Override
    public void askAgain(Mark mark) {
        throw new IllegalStateException("asked for " + mark + " again");
    }

    /** Owed everything. */
    private record Node(long id) implements Subscriber {
        @Override
        public boolean entitled(StreamId stream) {
            return true;
        }

        @Override
        public boolean owed(PacketCursor packet) {
            return true;
        }

        @Override
        public Object sameAs(StreamId stream) {
            return Node.class;
        }
    }

    /** Takes everything. */
    private final class OpenLink implements Link {
        @Override
        public void send(ByteBuffer messages) {
            sentBytes += messages.remaining();
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public boolean dialledByUs() {
            return true;
        }

        @Override
        public String remote() {
            return "nowhere";
        }

        @Override
        public void close() {}
    }

    /** Appends and syncs at once, and keeps nothing. */
    private final class ForgetfulStore implements Store {
        private final EventLog empty = new MemoryEventLog();
        private long end;

        @Override
        public void append(ByteBuffer record, int events) {
            long position = end;
            end += events;
            flow.onAppended(position, 0);
            flow.onSynced(1, 0);
        }

        @Override
        public boolean roomy() {
            return true;
        }

        @Override
        public EventLog.Reader reader(long position) {
            if (position != 0 || end != 0) {
                throw new IllegalStateException("somebody fell behind");
            }
            return empty.reader(0);
        }

        @Override
        public Optional<ByteBuffer> lastState() {
            return Optional.empty();
        }

        @Override
        public void keepState(ByteBuffer bytes, boolean first, boolean last) {
            flow.onStateKept(true, last);
        }

        @Override
        public void leap(long position) {
            end = position;
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
        public long bytes() {
            return 0;
        }

        @Override
        public long startWithin(long maxBytes) {
            return 0;
        }

        @Override
        public long usableBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public Optional<ByteBuffer> lastCheckpoint() {
            return Optional.empty();
        }

        @Override
        public void checkpoint(ByteBuffer content, long discardBelow) {
            flow.onCheckpoint(0);
        }
    }
}
