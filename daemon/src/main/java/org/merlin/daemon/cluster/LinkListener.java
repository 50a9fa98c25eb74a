package org.merlin.daemon.cluster;

import org.merlin.protocol.wire.Message;

/** What a transport tells the cluster about one link. All on the cluster loop; {@code nowNanos} is the loop's time. */
public interface LinkListener {
    /** Why a link ended that nobody has done anything wrong on. */
    String CLOSED_BY_THE_OTHER = "closed by the other side";

    /** A whole, sound message arrived. */
    void onMessage(Message message, long nowNanos);

    /** There is room again. */
    void onWritable(long nowNanos);

    /**
     * The link is gone; nothing follows.
     *
     * @param why in words, {@link #CLOSED_BY_THE_OTHER} where there is no other reason
     */
    void onClosed(String why, long nowNanos);
}
