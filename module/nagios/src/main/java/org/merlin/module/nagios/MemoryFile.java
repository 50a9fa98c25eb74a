package org.merlin.module.nagios;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.merlin.module.Memory;

/**
 * What the module remembers over a restart, written whenever the scheduler has written its own retention file, so that both are of
 * one moment. Lines of fields between tabs; the last line is the CRC-32C of all before it.
 */
final class MemoryFile {
    private static final String HEAD = "merlin-memory 1";

    /** Lines of {@link Memory#shared} that are true whatever the scheduler remembers: what was deleted, what contacts were told. */
    private static final List<String> ALWAYS_TRUE = List.of("gone\t", "counted\t");

    private final Path file;
    private final Optional<Path> retention;
    private final Consumer<String> log;

    /** What is kept: the module's memory, and the revision of each object by name. */
    record Kept(Memory memory, Map<String, Integer> revisions) {
        static final Kept NOTHING = new Kept(Memory.NONE, Map.of());

        Kept {
            revisions = Map.copyOf(revisions);
        }
    }

    /**
     * Reads nothing yet.
     *
     * @param retention the scheduler's own retention file, if it says which; the two belong together
     * @param log takes lines for the scheduler's log
     */
    MemoryFile(Path file, Optional<Path> retention, Consumer<String> log) {
        this.file = file;
        this.retention = retention;
        this.log = log;
    }

    static Map<String, Integer> revisions(Inventory inventory, int[] byIndex) {
        Map<String, Integer> revisions = new HashMap<>();
        for (int i = 0; i < byIndex.length; i++) {
            if (byIndex[i] != 0) {
                revisions.put(inventory.name(i).name(), byIndex[i]);
            }
        }
        return revisions;
    }

    /** Reads it; nothing if it is not there or damaged: everything that neighbours still have is then sent again. */
    Kept read() throws IOException {
        if (!Files.exists(file)) {
            return Kept.NOTHING;
        }
        try {
            List<String> lines = Files.readAllLines(file);
            int last = lines.size() - 1;
            if (last < 1 || !lines.get(0).equals(HEAD) || !lines.get(last).equals(crc(lines.subList(0, last)))) {
                return damaged("its checksum is wrong");
            }
            return understand(lines.subList(1, last));
        } catch (CharacterCodingException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return damaged(e.toString());
        }
    }

    private Kept damaged(String how) {
        log.accept("merlin: " + file + " is damaged (" + how + ") and is begun anew");
        return Kept.NOTHING;
    }

    private Kept understand(List<String> lines) {
        List<Memory.Applied> applied = new ArrayList<>();
        Map<String, Integer> revisions = new HashMap<>();
        List<String> shared = new ArrayList<>();
        String belongsTo = "nothing";
        long[] counts = new long[5];
        for (String line : lines) {
            String[] words = line.split("\t", -1);
            switch (words[0]) {
                case "counts" -> {
                    for (int i = 0; i < counts.length; i++) {
                        counts[i] = Long.parseLong(words[1 + i]);
                    }
                }
                case "applied" ->
                    applied.add(new Memory.Applied(
                            Long.parseUnsignedLong(words[1], 16),
                            Integer.parseUnsignedInt(words[2]),
                            Long.parseLong(words[3]),
                            Long.parseLong(words[4])));
                case "retention" -> belongsTo = words[1];
                case "shared" -> shared.add(line.substring("shared\t".length()));
                case "revision" -> revisions.put(words[1], Integer.parseInt(words[2]));
                default -> {}
            }
        }
        if (!belongsTo.equals(stamp())) {
            log.accept("merlin: " + retention.map(Path::toString).orElse("the retention file") + " is not the one that "
                    + file + " belongs to: what the daemon still has is taken once more");
            shared.removeIf(line -> ALWAYS_TRUE.stream().noneMatch(line::startsWith));
            return new Kept(
                    new Memory(List.of(), counts[0], counts[1], counts[2], counts[3], counts[4], shared), Map.of());
        }
        return new Kept(new Memory(applied, counts[0], counts[1], counts[2], counts[3], counts[4], shared), revisions);
    }

    /** Replaces the file whole; {@code belongsTo} is what {@link #stamp} said at the moment of what is kept. Any one thread. */
    void write(Kept kept, String belongsTo) throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEAD));
        Memory memory = kept.memory();
        lines.add(String.join(
                "\t",
                "counts",
                Long.toString(memory.resultsReceived()),
                Long.toString(memory.resultsApplied()),
                Long.toString(memory.duplicates()),
                Long.toString(memory.gaps()),
                Long.toString(memory.checksRun())));
        memory.applied()
                .forEach(of -> lines.add(String.join(
                        "\t",
                        "applied",
                        Long.toHexString(of.origin()),
                        Integer.toUnsignedString(of.epoch()),
                        Long.toString(of.sequence()),
                        Long.toString(of.results()))));
        lines.add("retention\t" + belongsTo);
        memory.shared().forEach(line -> lines.add("shared\t" + line));
        kept.revisions().forEach((name, revision) -> lines.add("revision\t" + name + "\t" + revision));
        lines.add(crc(lines));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, lines);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What tells the scheduler's retention file from an older or newer one; {@code -} if there is none. */
    String stamp() {
        try {
            if (retention.isPresent() && Files.exists(retention.get())) {
                return Files.size(retention.get()) + "/"
                        + Files.getLastModifiedTime(retention.get()).to(TimeUnit.NANOSECONDS);
            }
        } catch (IOException e) {
            return "unreadable";
        }
        return "-";
    }

    private static String crc(List<String> lines) {
        CRC32C crc = new CRC32C();
        lines.forEach(line -> crc.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return "crc\t" + Long.toHexString(crc.getValue());
    }
}
