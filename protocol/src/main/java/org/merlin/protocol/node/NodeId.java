package org.merlin.protocol.node;

/**
 * Name of a node, and the number that stands for it in packets.
 *
 * @param name as in merlin.conf and as CN of its certificate
 * @param origin first 8 bytes of the SHA-256 of the name
 */
public record NodeId(String name, long origin) {
    public NodeId {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a node needs a name");
        }
    }

    public static NodeId of(String name) {
        return new NodeId(name, Digests.hash64(name));
    }

    @Override
    public String toString() {
        return name;
    }
}
