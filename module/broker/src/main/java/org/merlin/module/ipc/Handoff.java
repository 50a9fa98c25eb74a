package org.merlin.module.ipc;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands packets from the scheduler's thread to the sender: without a lock, and bounded, since a disk may hold up the sender
 * for seconds. At the bound the oldest go and are counted. The sender is woken only if it was parked.
 */
public final class Handoff {
    private final Queue<Packet> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Bell bell;
    private final long maxBytes;

    public Handoff(long maxBytes, Bell bell) {
        this.maxBytes = maxBytes;
        this.bell = bell;
    }

    /** Gives a packet to the sender. Scheduler's thread. */
    public void offer(Packet packet) {
        waiting.offer(packet);
        long now = bytes.addAndGet(packet.length());
        while (now > maxBytes) {
            Packet oldest = waiting.poll();
            if (oldest == null) {
                break; // the sender took them all meanwhile
            }
            dropped.incrementAndGet();
            now = bytes.addAndGet(-oldest.length());
        }
        bell.ring();
    }

    /** Moves what is waiting, at most {@code max} packets, into {@code into}. Sender's thread. */
    void drainTo(List<Packet> into, int max) {
        for (int i = 0; i < max; i++) {
            Packet next = waiting.poll();
            if (next == null) {
                return;
            }
            bytes.addAndGet(-next.length());
            into.add(next);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many packets went at the bound. Any thread. */
    public long dropped() {
        return dropped.get();
    }
}
