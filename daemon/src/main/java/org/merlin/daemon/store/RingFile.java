package org.merlin.daemon.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.merlin.daemon.cluster.RingMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last rings, in a text file of one line per group: the selection's number in hex, then the names. A file that cannot
 * be read counts as none: then all configured nodes are assumed, which is safe.
 */
public final class RingFile implements RingMemory {
    private static final Logger LOG = LoggerFactory.getLogger("merlind");

    private final Path file;
    private final Executor writer;

    /** Keeps the rings in {@code file}, written by {@code writer}, which may block. */
    public RingFile(Path file, Executor writer) {
        this.file = file;
        this.writer = writer;
    }

    @Override
    public Map<Integer, List<String>> load() {
        Map<Integer, List<String>> rings = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return rings;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.strip().split("\\s+");
                if (!words[0].isEmpty()) {
                    rings.put(
                            Integer.parseUnsignedInt(words[0], 16),
                            List.copyOf(Arrays.asList(words).subList(1, words.length)));
                }
            }
        } catch (IOException | NumberFormatException e) {
            LOG.warn("{} cannot be read and is ignored: {}", file, e.toString());
            return Map.of();
        }
        return rings;
    }

    @Override
    public boolean drained() {
        return Files.exists(drainedFile());
    }

    @Override
    public void drained(boolean on) {
        writer.execute(() -> {
            try {
                if (on) {
                    Files.write(drainedFile(), new byte[0]);
                } else {
                    Files.deleteIfExists(drainedFile());
                }
            } catch (IOException e) {
                LOG.warn("{} cannot be written: {}; after a restart this node forgets it", drainedFile(), e.toString());
            }
        });
    }

    private Path drainedFile() {
        return file.resolveSibling("drained");
    }

    @Override
    public void save(Map<Integer, List<String>> rings) {
        List<String> lines = new ArrayList<>();
        rings.forEach((selection, names) ->
                lines.add((Integer.toHexString(selection) + " " + String.join(" ", names)).strip()));
        writer.execute(() -> write(lines));
    }

    private void write(List<String> lines) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}; after a restart all configured nodes are assumed", file, e.toString());
        }
    }
}
