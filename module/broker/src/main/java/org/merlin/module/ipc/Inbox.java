package org.merlin.module.ipc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.merlin.protocol.wire.Chunk;

/**
 * Chunks on their way from the receiver to the scheduler's thread. At the bound the receiver waits and reads no more, so the
 * daemon's log keeps what the scheduler is too slow for.
 */
public final class Inbox {
    /** Bytes of chunks beyond which nothing more is read. */
    static final long MAX_BYTES = 4L << 20;

    private static final long WAIT_NANOS = 20_000_000L;

    private final Queue<Chunk> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Bell room = new Bell();

    /** Adds a chunk. Receiver's thread; it reads no more while this is {@link #full}. */
    void add(Chunk chunk) {
        bytes.addAndGet(chunk.recordBytes());
        waiting.add(chunk);
    }

    boolean full() {
        return bytes.get() >= MAX_BYTES;
    }

    /** Waits for a while, or until there is room. Receiver's thread. */
    void awaitRoom() {
        room.listener(Thread.currentThread());
        room.parkUnless(() -> !full(), WAIT_NANOS);
    }

    /** Takes the oldest chunk; null if there is none. Scheduler's thread. */
    public Chunk poll() {
        Chunk oldest = waiting.poll();
        if (oldest != null && bytes.addAndGet(-oldest.recordBytes()) < MAX_BYTES) {
            room.ring();
        }
        return oldest;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }
}
