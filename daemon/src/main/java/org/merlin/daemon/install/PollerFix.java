package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Has a poller's scheduler read the objects that its masters send, and no others: comments out all lines {@code cfg_file} and
 * {@code cfg_dir} of its main configuration but the one of that file, and adds it where it is missing. A second time nothing is left
 * to do. One thread.
 */
public final class PollerFix {
    static final String ADDED = "# merlin: added by 'mon oconf poller-fix'";
    private static final List<String> KEYS = List.of("cfg_file", "cfg_dir");

    private final Path file;
    private final Path fromMaster;
    private final boolean dryRun;

    /**
     * For one main configuration.
     *
     * @param fromMaster the file with the objects of the masters; it need not be there yet
     * @param dryRun whether nothing is to be changed
     */
    public PollerFix(Path file, Path fromMaster, boolean dryRun) {
        this.file = file;
        this.fromMaster = fromMaster.toAbsolutePath().normalize();
        this.dryRun = dryRun;
    }

    /**
     * What was done, or would be; its names in snake case are stable.
     *
     * @param problem why nothing could be done; empty if all is well
     * @param done what was done, each in a sentence
     * @param warnings what the operator should look at
     * @param backup the copy of the file as it was before the first change; empty if there is none
     */
    public record Report(
            String config,
            boolean dryRun,
            boolean changed,
            List<LineChange> changes,
            List<String> done,
            List<String> warnings,
            String backup,
            String problem) {
        public Report {
            changes = List.copyOf(changes);
            done = List.copyOf(done);
            warnings = List.copyOf(warnings);
        }
    }

    /** Does it. */
    public Report run() throws IOException {
        Optional<String> obstacle = ConfigFile.obstacle(file);
        if (obstacle.isPresent()) {
            return new Report(file.toString(), dryRun, false, List.of(), List.of(), List.of(), "", obstacle.get());
        }
        MainConfig config = MainConfig.read(file);
        Edits edits = new Edits(config.lines());
        List<String> done = edit(config, edits);
        List<String> fresh = edits.applied();
        String backup = "";
        if (!dryRun && !fresh.equals(config.lines())) {
            ConfigFile.keepCopy(file);
            backup = ConfigFile.backup(file).toString();
            ConfigFile.replace(file, new MainConfig(file, fresh).text());
        }
        boolean changed = !edits.changes().isEmpty();
        return new Report(file.toString(), dryRun, changed, edits.changes(), done, warnings(config), backup, "");
    }

    private List<String> edit(MainConfig config, Edits edits) throws IOException {
        List<String> done = new ArrayList<>();
        boolean there = false;
        int last = -1;
        for (MainConfig.Setting setting : settings(config)) {
            String line = setting.key() + "=" + setting.value();
            last = Math.max(last, setting.index());
            if (!there && isIt(setting)) {
                there = true;
                done.add("line " + (setting.index() + 1) + ", " + line + ", stays");
            } else {
                edits.replace(setting.index(), 1, List.of("#" + config.lines().get(setting.index())));
                done.add("comments out line " + (setting.index() + 1) + ", " + line);
            }
        }
        if (!there) {
            String wanted = "cfg_file=" + name();
            edits.replace(last < 0 ? config.end() : last + 1, 0, List.of(ADDED, wanted));
            done.add("adds " + wanted);
        }
        return done;
    }

    private static List<MainConfig.Setting> settings(MainConfig config) {
        return KEYS.stream().flatMap(key -> config.all(key).stream()).toList();
    }

    /** Whether it leads to that file, or to the whole folder in which it is. */
    private boolean isIt(MainConfig.Setting setting) throws IOException {
        Path named = real(folder().resolve(setting.value()).normalize());
        return named.equals(real(setting.key().equals("cfg_file") ? fromMaster : fromMaster.getParent()));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.getParent() == null ? path : real(path.getParent()).resolve(path.getFileName());
        }
    }

    /** The folder below which the scheduler looks for relative names. */
    private Path folder() throws IOException {
        return file.toRealPath().getParent();
    }

    /** As it stands in the file: below its folder if it is there. */
    private Path name() throws IOException {
        Path real = real(fromMaster);
        return real.startsWith(folder()) ? folder().relativize(real) : fromMaster;
    }

    private List<String> warnings(MainConfig config) {
        List<String> warnings = new ArrayList<>();
        config.included().stream()
                .flatMap(part -> settings(part).stream())
                .map(setting -> setting.place() + " names objects too, in an included file: it stays as it is")
                .forEach(warnings::add);
        if (!Files.exists(fromMaster) && !hasFiles(fromMaster.getParent())) {
            warnings.add(fromMaster + " is not there yet: the scheduler does not start before a master has sent it");
        }
        return warnings;
    }

    private static boolean hasFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(path -> path.toString().endsWith(".cfg"));
        } catch (IOException e) {
            return false;
        }
    }
}
