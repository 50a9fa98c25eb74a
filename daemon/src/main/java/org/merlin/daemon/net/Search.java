package org.merlin.daemon.net;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * What one search for addresses has left: an answer may lead to further names.
 *
 * @param names who goes on with another name
 * @param system whom to ask where no server is set
 * @param deadlineNanos when a server's last answer must be there; empty until the first is asked
 * @param steps how many names led here
 * @param services whether services are looked for; not once one led here
 */
record Search(Names names, SystemNames system, OptionalLong deadlineNanos, int steps, boolean services) {
    /** Names that lead to names that lead to names. */
    static final int MAX_STEPS = 8;

    static Search begin(Names names, SystemNames system) {
        return new Search(names, system, OptionalLong.empty(), 0, true);
    }

    Search until(long nanos) {
        return deadlineNanos.isPresent() ? this : new Search(names, system, OptionalLong.of(nanos), steps, services);
    }

    boolean first() {
        return steps == 0;
    }

    /** Goes on with a name that another one is an alias of. */
    CompletableFuture<List<InetSocketAddress>> alias(String name, int port) {
        return names.find(name, port, new Search(names, system, deadlineNanos, steps + 1, services));
    }

    /** Goes on with a host that offers a service. */
    CompletableFuture<List<InetSocketAddress>> host(ServiceRecord service) {
        Search next = new Search(names, system, deadlineNanos, steps + 1, false);
        return names.find(service.target(), service.port(), next);
    }
}
