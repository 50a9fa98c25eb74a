package org.merlin.daemon.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured.
 *
 * @param events how many results go from one node to the other
 * @param rate results a second; 0 for as fast as they are taken
 * @param size of a packet in bytes, roughly
 * @param tls whether the nodes speak TLS
 * @param services how many objects the results are of
 * @param warmUp results before what is measured, so that code is compiled and files are there
 * @param bin folder of the commands
 */
public record BenchSettings(long events, long rate, int size, boolean tls, int services, long warmUp, Path bin) {
    private static final long MOST_EVENTS = 100_000_000L;
    private static final int LEAST_BYTES = 210;
    private static final int MOST_BYTES = 8 * 1024;
    private static final int MOST_SERVICES = 100_000;

    /** What cannot be, each in a sentence. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        between(problems, "--events", events, 1, MOST_EVENTS);
        between(problems, "--rate", rate, 0, MOST_EVENTS);
        between(problems, "--size", size, LEAST_BYTES, MOST_BYTES);
        between(problems, "--services", services, 1, MOST_SERVICES);
        between(problems, "--warm-up", warmUp, 0, MOST_EVENTS);
        return problems;
    }

    private static void between(List<String> problems, String name, long value, long least, long most) {
        if (value < least || value > most) {
            problems.add(name + " " + value + ": it is " + least + " to " + most);
        }
    }
}
