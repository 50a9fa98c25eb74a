package org.merlin.protocol.event;

import org.merlin.protocol.node.Digests;

/**
 * A host, or a service on a host.
 *
 * @param host name of the host, never empty
 * @param service description of the service; empty for the host itself
 */
public record MonitoredObject(String host, String service) {
    public MonitoredObject {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("an object needs a host name; service is '" + service + "'");
        }
    }

    public static MonitoredObject ofHost(String host) {
        return new MonitoredObject(host, "");
    }

    public static MonitoredObject ofService(String host, String service) {
        if (service.isEmpty()) {
            throw new IllegalArgumentException("a service on host '" + host + "' needs a description");
        }
        return new MonitoredObject(host, service);
    }

    public boolean isHost() {
        return service.isEmpty();
    }

    /** {@code host} or {@code host;service}: the text whose bytes give order and key. */
    public String name() {
        return isHost() ? host : host + ";" + service;
    }

    /** Whether {@link #name} says this, without making it. */
    public boolean isNamed(String name) {
        return isHost()
                ? name.equals(host)
                : name.length() == host.length() + 1 + service.length()
                        && name.startsWith(host)
                        && name.charAt(host.length()) == ';'
                        && name.endsWith(service);
    }

    /** First 8 bytes of the SHA-256 of {@link #name()}: the object field of packets. Not cached: 0.5 µs. */
    public long key() {
        return Digests.hash64(name());
    }

    @Override
    public String toString() {
        return name();
    }
}
