package org.merlin.daemon.cluster;

import java.util.Optional;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.NodeInfo;

/** Another node, as far as its object configuration is concerned. */
interface ConfigPartner {
    MerlinConf.Node conf();

    /** What its scheduler is; empty while it has none, or is away. */
    Optional<NodeInfo> info();

    /** Whether it is there and sees us. */
    boolean activeInRing();

    /** Asks it to run its fetch command for us. */
    void askToFetch();
}
