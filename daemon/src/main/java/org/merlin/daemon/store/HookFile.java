package org.merlin.daemon.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.merlin.confsync.hooks.HookKind;
import org.merlin.confsync.hooks.RecentRuns.Change;
import org.merlin.confsync.hooks.RecentRuns.Run;
import org.merlin.confsync.hooks.RecentRuns.Stop;
import org.merlin.confsync.hooks.RecentRuns.Why;
import org.merlin.daemon.cluster.HookMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What commands of {@code object_config} did of late, in a text file, one per line, in words between blanks:
 * <pre>
 *   run NODE PUSH|FETCH FROM TO MICROS TAKEN
 *   stop NODE PUSH|FETCH FROM TO MICROS WHY TIMES
 * </pre>
 * A file that cannot be read counts as none: a circle is then found an hour later.
 */
public final class HookFile implements HookMemory {
    private static final Logger LOG = LoggerFactory.getLogger("merlind");

    private final Path file;
    private final Executor writer;

    /** Keeps it in {@code file}, written by {@code writer}, which may block. */
    public HookFile(Path file, Executor writer) {
        this.file = file;
        this.writer = writer;
    }

    @Override
    public Map<String, Kept> load() {
        if (!Files.exists(file)) {
            return Map.of();
        }
        Map<String, List<Run>> runs = new LinkedHashMap<>();
        Map<String, List<Stop>> stops = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ");
                Change change = new Change(HookKind.valueOf(words[2]), words[3], words[4]);
                long micros = Long.parseLong(words[5]);
                if (words[0].equals("run")) {
                    runs.computeIfAbsent(words[1], any -> new ArrayList<>())
                            .add(new Run(change, micros, Boolean.parseBoolean(words[6])));
                } else {
                    stops.computeIfAbsent(words[1], any -> new ArrayList<>())
                            .add(new Stop(Why.valueOf(words[6]), change, Integer.parseInt(words[7]), micros));
                }
            }
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            LOG.warn("{} cannot be read and is ignored: {}", file, e.toString());
            return Map.of();
        }
        Map<String, Kept> all = new LinkedHashMap<>();
        runs.forEach((node, of) -> all.put(node, new Kept(of, stops.getOrDefault(node, List.of()))));
        stops.forEach((node, of) -> all.putIfAbsent(node, new Kept(List.of(), of)));
        return all;
    }

    @Override
    public void save(Map<String, Kept> byNode) {
        List<String> lines = new ArrayList<>();
        byNode.forEach((node, kept) -> {
            kept.runs().forEach(run -> lines.add(line("run", node, run.change(), run.endMicros(), run.taken())));
            kept.stops()
                    .forEach(stop -> lines.add(
                            line("stop", node, stop.change(), stop.sinceMicros(), stop.why() + " " + stop.times())));
        });
        writer.execute(() -> write(lines));
    }

    private static String line(String what, String node, Change change, long micros, Object rest) {
        return String.join(
                " ",
                what,
                node,
                change.kind().name(),
                change.from(),
                change.to(),
                Long.toString(micros),
                rest.toString());
    }

    private void write(List<String> lines) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn(
                    "{} cannot be written: {}; pushes that go in a circle may not be found after a restart",
                    file,
                    e.toString());
        }
    }
}
