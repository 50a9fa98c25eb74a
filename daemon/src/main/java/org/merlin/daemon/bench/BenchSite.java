package org.merlin.daemon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where nodes run and how they reach each other: here, over loopback, or as a test sets it up. */
public interface BenchSite {
    BenchSite LOOPBACK = new BenchSite() {};

    /** Where a node listens and is found. */
    default String address(String node) {
        return "127.0.0.1";
    }

    /**
     * The port by which one node reaches another.
     *
     * @param listening the port where the other listens
     */
    default int port(String from, String to, int listening) throws IOException {
        return listening;
    }

    /** Words before each command of a node's processes. */
    default List<String> within(String node) {
        return List.of();
    }

    /** A node's state_dir. */
    default Path state(String node, Path folder) {
        return folder.resolve("state");
    }

    /** Further lines of a node's merlin.conf. */
    default String conf(String node) {
        return "";
    }
}
