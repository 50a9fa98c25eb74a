package org.merlin.daemon.cluster;

import java.util.List;
import java.util.Map;

/** Keeps the last rings over a restart: at the start they stand for everybody's digest for one data timeout. */
public interface RingMemory {
    /** By selection (0 for our own group), the names of the ring when it last changed; empty at the very first start. */
    Map<Integer, List<String>> load();

    /** Keeps rings; returns at once and writes later. */
    void save(Map<Integer, List<String>> rings);
}
