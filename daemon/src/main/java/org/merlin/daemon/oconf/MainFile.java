package org.merlin.daemon.oconf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Nagios' or Naemon's main configuration file, as far as the sync needs it. Bytes stay what they are.
 *
 * @param file absolute
 */
record MainFile(Path file, List<String> lines) {
    private static final Set<String> PATHS = Set.of("cfg_file", "cfg_dir", "resource_file");
    private static final int FOLDERS_DEEP = 8;

    static MainFile read(Path file) throws IOException {
        return new MainFile(file.toAbsolutePath().normalize(), Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    }

    /** The value of a key, the last where there are several. */
    Optional<String> get(String key) {
        return lines.stream()
                .map(line -> line.split("=", 2))
                .filter(words -> words.length == 2 && words[0].strip().equals(key))
                .map(words -> words[1].strip())
                .reduce((first, second) -> second);
    }

    /** The same as a path; relative ones are below the file's folder. */
    Optional<Path> path(String key) {
        return get(key).map(value -> file.resolveSibling(value).normalize());
    }

    /**
     * A copy that reads another folder in the place of one, and everything else where it is.
     *
     * @return empty if nothing in the file leads to that folder
     */
    Optional<List<String>> with(Path folder, Path instead) throws IOException {
        List<String> copy = new ArrayList<>();
        boolean found = false;
        for (String line : lines) {
            String[] words = line.split("=", 2);
            String key = words[0].strip();
            if (key.equals("broker_module")) {
                continue;
            }
            if (words.length < 2 || !PATHS.contains(key)) {
                copy.add(line);
                continue;
            }
            Path path = real(file.resolveSibling(words[1].strip()).normalize());
            if (path.startsWith(folder)) {
                found = true;
                copy.add(key + "=" + instead.resolve(folder.relativize(path).toString()));
            } else if (key.equals("cfg_dir") && folder.startsWith(path)) {
                found = true;
                copy.add("cfg_dir=" + instead);
                others(path, folder).forEach(other -> copy.add("cfg_file=" + other));
            } else {
                copy.add(key + "=" + path);
            }
        }
        return found ? Optional.of(copy) : Optional.empty();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /** Configuration files below a folder, but not below one in it. */
    private static List<Path> others(Path below, Path without) throws IOException {
        try (Stream<Path> files = Files.walk(below, FOLDERS_DEEP)) {
            return files.filter(path -> path.toString().endsWith(".cfg"))
                    .filter(path -> !path.startsWith(without))
                    .filter(path -> !below.relativize(path).toString().startsWith("."))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
