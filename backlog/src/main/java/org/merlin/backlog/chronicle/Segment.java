package org.merlin.backlog.chronicle;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/**
 * One queue of the chain: the records from position {@code base} on. Its queue is open while somebody holds it: the
 * last who lets go closes it, so that memory is never unmapped under a reader. Thread-safe; only the log's thread
 * appends.
 */
final class Segment {
    private static final int MAX_TOLD = 100;

    private final Path directory;
    private final long base;
    private SingleChronicleQueue queue; // guarded by this
    private int holders; // guarded by this
    private boolean gone; // guarded by this
    private final Set<Long> told = new HashSet<>(); // guarded by this
    private volatile SegmentTail tail;
    private volatile boolean sealed;

    Segment(Path directory, long base) {
        this.directory = directory;
        this.base = base;
        this.tail = new SegmentTail(0, base, 0);
    }

    /** @throws SegmentGoneException if its files are being deleted: what is asked for begins with a later segment */
    synchronized SingleChronicleQueue hold() throws SegmentGoneException {
        if (gone) {
            throw new SegmentGoneException();
        }
        return holdForMending();
    }

    /** For the log's own thread, which knows what is there. */
    synchronized SingleChronicleQueue holdForMending() {
        if (holders == 0) {
            queue = ChronicleRuntime.openQueue(directory);
        }
        holders++;
        return queue;
    }

    /** From now on nobody opens it any more; who has it open reads on. */
    synchronized void abandon() {
        gone = true;
    }

    /** Whether this damage was not told yet: many readers may come to it. */
    synchronized boolean tellDamaged(long what) {
        return told.size() < MAX_TOLD && told.add(what);
    }

    synchronized void letGo() {
        if (--holders == 0) {
            queue.close();
            queue = null;
        }
    }

    /** From here on readers see what lies before {@code reached}: records, end and bytes change as one. */
    void reached(SegmentTail reached) {
        tail = reached;
    }

    /** No record will follow; the segment after it is in the chain already. */
    void seal() {
        sealed = true;
    }

    Path directory() {
        return directory;
    }

    long base() {
        return base;
    }

    /** Where the records that can be read end. */
    SegmentTail tail() {
        return tail;
    }

    boolean sealed() {
        return sealed;
    }
}
