package org.merlin.daemon.sink.sql;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.protocol.conf.MerlinConf;

/** Where a database's servers are just now. */
final class Addresses {
    private Addresses() {}

    /**
     * Finds them, if they are named by the key {@code host}. Servers whose names lead nowhere just now are left out, unless all are.
     *
     * @return each {@code host} or {@code host:port}, in the order in which they are to be tried
     */
    static List<String> of(MerlinConf.Database conf, HostNames names) throws HistoryException {
        boolean byName =
                conf.type() == MerlinConf.Database.Type.MARIADB && conf.url().isEmpty();
        if (!byName) {
            return conf.hosts();
        }
        List<String> addresses = new ArrayList<>();
        Optional<UnknownHostException> failed = Optional.empty();
        for (String host : conf.hosts()) {
            boolean withPort = host.matches("[^:]+:\\d+");
            String name = withPort ? host.substring(0, host.indexOf(':')) : host;
            int port = withPort ? Integer.parseInt(host.substring(host.indexOf(':') + 1)) : conf.port();
            try {
                names.resolve(name, port).forEach(found -> addresses.add(text(found)));
            } catch (UnknownHostException e) {
                failed = Optional.of(e);
            }
        }
        if (addresses.isEmpty()) {
            UnknownHostException why = failed.orElseThrow();
            throw new HistoryException(HistoryException.Kind.AWAY, why.getMessage(), why);
        }
        return addresses;
    }

    private static String text(InetSocketAddress address) {
        String literal = address.getAddress().getHostAddress();
        return (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + address.getPort();
    }
}
