package org.merlin.daemon.oconf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How our scheduler was started: so that its own check can be run, its files be found, and it be started again if a configuration that
 * was tried has ended it.
 *
 * @param pid its process; it may be gone
 * @param name as it calls itself, with its version
 * @param program its executable file
 * @param folder the working folder it was started in
 * @param words its command line, program included
 */
record KnownScheduler(int pid, String name, String program, String folder, List<String> words) {
    private static final String EMBEDDED = "org.merlin.module.quartz.SchedulerMain";

    KnownScheduler {
        words = List.copyOf(words);
    }

    /** What the kernel tells of a process; empty if it is gone. */
    static Optional<KnownScheduler> of(int pid, String name) {
        Path process = Path.of("/proc/" + pid);
        try {
            String[] words = Files.readString(process.resolve("cmdline"), StandardCharsets.UTF_8)
                    .split("\0");
            String program = link(process.resolve("exe")).orElse(words[0]);
            String folder = link(process.resolve("cwd")).orElse("/");
            return Optional.of(new KnownScheduler(pid, name, program, folder, List.of(words)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Unreadable for other users' processes. */
    private static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString().replace(" (deleted)", ""));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean embedded() {
        return words.contains(EMBEDDED);
    }

    /** The words that start the embedded scheduler's program, without its arguments. */
    List<String> launcher() {
        return words.subList(0, words.indexOf(EMBEDDED) + 1);
    }

    /** The main configuration file that it was given: the last word that is no option. */
    Optional<Path> mainFile() {
        for (int i = words.size() - 1; i > 0 && !embedded(); i--) {
            if (!words.get(i).startsWith("-")) {
                return Optional.of(Path.of(folder).resolve(words.get(i)));
            }
        }
        return Optional.empty();
    }

    // --- kept over a restart of the daemon ---------------------------------------------------------------------------

    static Optional<KnownScheduler> read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.size() < 5
                    ? Optional.empty()
                    : Optional.of(new KnownScheduler(
                            Integer.parseInt(lines.get(0)),
                            lines.get(1),
                            lines.get(2),
                            lines.get(3),
                            lines.subList(4, lines.size())));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of(Integer.toString(pid), name, program, folder));
        lines.addAll(words);
        if (lines.stream().noneMatch(line -> line.contains("\n"))) {
            Files.write(file, lines);
        }
    }
}
