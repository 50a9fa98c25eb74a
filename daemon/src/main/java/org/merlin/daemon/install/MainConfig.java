package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A scheduler's main configuration, {@code nagios.cfg} or {@code naemon.cfg}, as lines. Immutable. Bytes stay what they are: it is
 * read as ISO 8859-1, and its text is put together as it was taken apart.
 */
final class MainConfig {
    private static final int MAX_DEPTH = 5;

    private final Path file;
    private final List<String> lines;

    MainConfig(Path file, List<String> lines) {
        this.file = file;
        this.lines = List.copyOf(lines);
    }

    /**
     * A setting.
     *
     * @param index of its line, from 0
     */
    record Setting(Path file, int index, String key, String value) {
        String place() {
            return file + ":" + (index + 1);
        }
    }

    static MainConfig read(Path file) throws IOException {
        return of(file, Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    static MainConfig of(Path file, String text) {
        return new MainConfig(file, List.of(text.split("\n", -1)));
    }

    List<String> lines() {
        return lines;
    }

    String text() {
        return String.join("\n", lines);
    }

    /** Where a line at the end goes: before the empty piece that follows the last line feed. */
    int end() {
        return lines.get(lines.size() - 1).isEmpty() ? lines.size() - 1 : lines.size();
    }

    /** All settings with this key; the scheduler takes the last, except of modules. */
    List<Setting> all(String key) {
        List<Setting> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int equals = line.indexOf('=');
            if (!line.startsWith("#")
                    && equals > 0
                    && line.substring(0, equals).strip().equals(key)) {
                found.add(new Setting(file, i, key, line.substring(equals + 1).strip()));
            }
        }
        return found;
    }

    Optional<Setting> last(String key) {
        List<Setting> all = all(key);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    Optional<String> value(String key) {
        return last(key).map(Setting::value);
    }

    /** The files that it includes, at most five deep; what cannot be read is passed over, as the scheduler complains of it. */
    List<MainConfig> included() {
        List<MainConfig> found = new ArrayList<>();
        include(found, 0);
        return found;
    }

    private void include(List<MainConfig> into, int depth) {
        if (depth == MAX_DEPTH) {
            return;
        }
        for (Path path : includedFiles()) {
            try {
                MainConfig part = read(path);
                into.add(part);
                part.include(into, depth + 1);
            } catch (IOException e) {
                continue;
            }
        }
    }

    private List<Path> includedFiles() {
        List<Path> paths = new ArrayList<>();
        all("include_file").forEach(setting -> paths.add(file.resolveSibling(setting.value())));
        for (Setting setting : all("include_dir")) {
            try (Stream<Path> files = Files.list(file.resolveSibling(setting.value()))) {
                files.filter(path -> path.toString().endsWith(".cfg")).sorted().forEach(paths::add);
            } catch (IOException e) {
                continue;
            }
        }
        return paths;
    }
}
