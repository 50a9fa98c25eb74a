package org.merlin.daemon.cluster;

import java.util.Optional;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.ConfigStamp;

/** Which part of our object configuration a poller should have. Asked on the cluster loop: from ready data. */
public interface PollerParts {
    /** Nothing is known of them. */
    PollerParts UNKNOWN = poller -> Optional.empty();

    /** Empty while it is not known. */
    Optional<ConfigStamp> of(MerlinConf.Node poller);
}
