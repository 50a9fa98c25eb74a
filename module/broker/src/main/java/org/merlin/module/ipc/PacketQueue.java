package org.merlin.module.ipc;

/** Packets in order, each found by its number, which counts from 0 since the queue was made. Confined to one thread. */
final class PacketQueue {
    private Packet[] ring = new Packet[1024];
    private long first;
    private long end;
    private long bytes;

    /** Number of the oldest packet; {@link #end()} if there is none. */
    long first() {
        return first;
    }

    /** Number that the next packet gets. */
    long end() {
        return end;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return first == end;
    }

    Packet get(long number) {
        if (number < first || number >= end) {
            throw new IllegalStateException("packet " + number + " of " + first + " to " + end);
        }
        return ring[(int) (number & ring.length - 1)];
    }

    void add(Packet packet) {
        if (end - first == ring.length) {
            grow();
        }
        ring[(int) (end++ & ring.length - 1)] = packet;
        bytes += packet.length();
    }

    private void grow() {
        Packet[] larger = new Packet[2 * ring.length];
        for (long number = first; number < end; number++) {
            larger[(int) (number & larger.length - 1)] = get(number);
        }
        ring = larger;
    }

    Packet removeFirst() {
        Packet oldest = get(first);
        ring[(int) (first++ & ring.length - 1)] = null;
        bytes -= oldest.length();
        return oldest;
    }
}
