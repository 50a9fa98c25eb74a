package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.NodeInfo;

/** Who keeps the object configuration equal, and hears what concerns it. Called on the cluster loop; nothing of it may block. */
public interface ConfigPort {
    /**
     * A run of our scheduler with our module in it.
     *
     * @param pid of its process; 0 if unknown
     */
    record Run(int pid, NodeInfo info) {}

    /** A link with a node is open, perhaps in the place of another. */
    void onLink(String node);

    /** The link with a node is gone. */
    void onLinkGone(String node);

    /** A node sent one of the packets {@code CONFIG_*}; its body is no longer valid after the call. */
    void onPacket(String node, int code, ByteBuffer body);

    /** Our scheduler is there, or there anew; empty: it is gone, or hangs. */
    void onModule(Optional<Run> run);

    /** A node asks us to take what is offered now. */
    void onFetch(String node);

    /** merlin.conf is another one. */
    void onConf(MerlinConf conf);
}
