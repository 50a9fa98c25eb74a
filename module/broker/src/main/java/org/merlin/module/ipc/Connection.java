package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open Unix socket: one thread reads, one writes, and neither call lasts longer than a moment. */
public interface Connection {
    /** Bounds of a single call, so that its thread can look at other things. */
    int READ_MILLIS = 1000;

    int WRITE_MILLIS = 200;

    /**
     * Reads what is there; waits up to {@link #READ_MILLIS} for it.
     *
     * @return bytes read, 0 if none came in time, -1 at the end
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Writes as much as the socket takes; waits up to {@link #WRITE_MILLIS} for room.
     *
     * @return bytes written, 0 if there was no room in time
     */
    int write(ByteBuffer from) throws IOException;

    /** Ends both directions; a read in progress returns. Any thread. */
    void shutdown();

    /** Gives the descriptor back, once no thread reads or writes any more. */
    void close();
}
