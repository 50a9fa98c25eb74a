package org.merlin.daemon.cluster;

import java.util.List;
import java.util.Map;

/**
 * Keeps over a restart what place this node had: the last rings, which at the start stand for everybody's digest for one data timeout, and whether
 * it is drained.
 */
public interface RingMemory {
    /** By selection (0 for our own group), the names of the ring when it last changed; empty at the very first start. */
    Map<Integer, List<String>> load();

    /** Whether this node was drained when it was last asked or told. */
    boolean drained();

    /** Keeps whether this node is drained; returns at once and writes later. */
    void drained(boolean on);

    /** Keeps rings; returns at once and writes later. */
    void save(Map<Integer, List<String>> rings);
}
