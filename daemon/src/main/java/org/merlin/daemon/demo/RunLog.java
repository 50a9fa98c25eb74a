package org.merlin.daemon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What schedulers noted at each check that they started: {@code start TAB due TAB node TAB object}, times in ms since 1970. */
final class RunLog {
    /** A check that was started. */
    record Run(long startMillis, String node, String object) {}

    private RunLog() {}

    /** All runs of all nodes, by time. A last line that a killed process left unfinished is passed over. */
    static List<Run> read(List<DemoNode> nodes) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (DemoNode node : nodes) {
            read(node.runLog(), runs);
        }
        runs.sort(Comparator.comparingLong(Run::startMillis));
        return runs;
    }

    private static void read(Path file, List<Run> into) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("\t", 4);
            if (fields.length == 4) {
                into.add(new Run(Long.parseLong(fields[0]), fields[2], fields[3]));
            }
        }
    }
}
