package org.merlin.daemon.names;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses behind a host name, anew at each call: whoever connects again asks again. For threads that may wait. */
@FunctionalInterface
public interface HostNames {
    /**
     * Waits for an answer, for 30 s at most. Any thread but the cluster loop.
     *
     * @param host IPv4 or IPv6 literal, host name, or the name of a service as in {@code _mysql._tcp.example.com}
     * @param defaultPort of the addresses, where the answer names none; a service's names its own
     * @return one address or more, all resolved, in the order in which they are to be tried; this changes from call to call where the
     *     answer has no order of its own
     * @throws UnknownHostException if there is none, or no answer in time; in words for the log, naming host and server
     */
    List<InetSocketAddress> resolve(String host, int defaultPort) throws UnknownHostException;
}
