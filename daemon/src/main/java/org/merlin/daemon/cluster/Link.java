package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;

/** An open connection to another node or to our module: authenticated, and confined to the cluster loop. */
public interface Link {
    /**
     * Sends whole messages. Never blocks: what the kernel does not take at once waits, and {@link #writable()} turns false.
     *
     * @param messages read from position to limit; may be shared with other links, so nobody changes it any more
     */
    void send(ByteBuffer messages);

    /** Whether there is room; if not, {@code LinkListener.onWritable} follows when there is. Control packets go out all the same. */
    boolean writable();

    /** Stops or resumes reading, so that what we cannot take waits in the kernel and slows the sender down. */
    void reading(boolean on);

    /** Whether we dialled. */
    boolean dialledByUs();

    /** The other end's address, for people. */
    String remote();

    /** The process at the other end of a Unix socket; 0 if unknown. */
    default int pid() {
        return 0;
    }

    /** Sends what is waiting and closes. {@code LinkListener.onClosed} follows, later. May be called twice. */
    void close();
}
