package org.merlin.daemon.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.merlin.confsync.objects.ObjectFile;

/** The scheduler that a demo's nodes run: how it is configured, started, told commands, and what it leaves behind. */
interface DemoScheduler {
    /** Why it cannot be run here, each in a sentence; empty if it can. */
    List<String> missing();

    /** What is made of the objects before they are cut and written, the same for all nodes. */
    ObjectFile prepare(ObjectFile objects, Path demoFolder) throws IOException;

    /** Writes a node's files beside merlin.conf and objects.cfg. */
    void configure(DemoNode node) throws IOException;

    /** The command line of its process for a node. */
    List<String> command(DemoNode node);

    /** Where it takes external commands. */
    Path commandPipe(DemoNode node);

    /** How late a check may start by its own rules of time. */
    long slackMillis();

    /** What it wrote down when it ended. */
    Retained retained(DemoNode node) throws IOException;

    /**
     * How far a stream has gone into the states.
     *
     * @param sequence of its last event
     * @param results how many of its events were results
     */
    record Mark(long sequence, long results) {
        static final Mark NOTHING = new Mark(0, 0);

        /** Of a line {@code applied}, which all schedulers write alike. */
        static Mark of(String[] fields) {
            return new Mark(Long.parseLong(fields[3]), Long.parseLong(fields[4]));
        }

        /**
         * Whether the same of the stream is in. Either number will do: events that one node keeps to itself (to stop the checks at
         * a poller is one) raise the sequence there only.
         */
        boolean agreesWith(Mark other) {
            return sequence == other.sequence || results == other.results;
        }
    }

    /**
     * What a scheduler knew when it ended.
     *
     * @param objects by name, the fields that must agree among nodes, between tabs
     * @param applied by stream, {@code origin/epoch} in hex
     * @param counts results received, applied, duplicates, gaps, checks run; all over its restarts
     */
    record Retained(Map<String, String> objects, Map<String, Mark> applied, List<Long> counts) {
        public Retained {
            objects = Map.copyOf(objects);
            applied = Map.copyOf(applied);
            counts = List.copyOf(counts);
        }
    }
}
