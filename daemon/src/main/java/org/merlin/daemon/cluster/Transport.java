package org.merlin.daemon.cluster;

import java.util.Optional;

/** How the cluster reaches other nodes. All calls and callbacks on the cluster loop. */
public interface Transport {
    /**
     * Dials a node. Exactly one of the dialler's methods is called, later, within the connect and handshake time limits.
     *
     * @param node the name that its certificate must bear
     * @param address host name, IPv4 or IPv6 literal, or the name of a service; looked up anew at every dial. Of several addresses one dial
     *     tries four, the next those that were not tried, until a link opens
     * @param port TCP port, where the name of a service does not say another
     */
    void dial(String node, String address, int port, Dialler dialler);

    /** Who wanted a link. */
    interface Dialler {
        /** The link is open, and with TLS the other side has proved its name. */
        LinkListener onOpened(Link link, long nowNanos);

        /**
         * There will be none.
         *
         * @param why in words, for the log and the node's status
         */
        void onFailed(String why, long nowNanos);
    }

    /** Who takes links that others dialled. */
    interface Acceptor {
        /**
         * Somebody dialled us.
         *
         * @param provenName CN of the verified certificate; empty without TLS: then the first pulse claims a name
         * @return empty to close it at once, with one line logged by the acceptor
         */
        Optional<LinkListener> onAccepted(Link link, Optional<String> provenName, long nowNanos);
    }
}
