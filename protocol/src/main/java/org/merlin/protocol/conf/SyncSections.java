package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The sections {@code sync} and {@code sync_peers} of {@code daemon}: names of further paths that go with the object configuration. */
final class SyncSections {
    /** Their names, as sections of {@code daemon}. */
    static final List<String> NAMES = List.of("sync", "sync_peers");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final ConfValues daemon;
    private final Path oconfDir;
    private final Path stateDir;
    private final List<MerlinConf.SyncPath> found = new ArrayList<>();

    private SyncSections(ConfValues daemon, Path oconfDir, Path stateDir) {
        this.daemon = daemon;
        this.oconfDir = oconfDir;
        this.stateDir = stateDir;
    }

    static List<MerlinConf.SyncPath> read(ConfValues daemon, Path oconfDir, Path stateDir) {
        SyncSections sections = new SyncSections(daemon, oconfDir, stateDir);
        for (ConfSection section : daemon.section().sections()) {
            if (NAMES.contains(section.name())) {
                section.entries().forEach(entry -> sections.read(entry, section.name()));
                section.sections()
                        .forEach(inner -> daemon.error(
                                inner.line(),
                                "section " + quoted(inner.name()) + " in section " + quoted(section.name())
                                        + ", which takes only lines NAME = /PATH;"));
            }
        }
        return List.copyOf(sections.found);
    }

    private void read(ConfSection.Entry entry, String section) {
        if (!NAME.matcher(entry.key()).matches() || entry.value().isEmpty()) {
            daemon.error(
                    entry.line(),
                    quoted(entry.key()) + " in section " + quoted(section)
                            + " has to be NAME = /PATH; with the same name (letters, digits, - and _) on all nodes");
            return;
        }
        try {
            Path path = Path.of(entry.value());
            Optional<String> objection = objection(entry.key(), path);
            objection.ifPresentOrElse(
                    why -> daemon.error(entry.line(), quoted(entry.key() + " = " + entry.value()) + " " + why),
                    () -> found.add(
                            new MerlinConf.SyncPath(entry.key(), path.normalize(), section.equals(NAMES.get(0)))));
        } catch (InvalidPathException e) {
            daemon.error(entry.line(), quoted(entry.key() + " = " + entry.value()) + " is no path: " + e.getReason());
        }
    }

    private Optional<String> objection(String name, Path path) {
        if (!path.isAbsolute() || path.normalize().getNameCount() == 0) {
            return Optional.of("is not the full path of a file or folder: begin it with a slash");
        }
        Path full = path.normalize();
        if (overlap(full, oconfDir)) {
            return Optional.of("overlaps oconf_dir, " + oconfDir + ", which is sent anyway");
        }
        if (overlap(full, stateDir)) {
            return Optional.of("overlaps state_dir, " + stateDir + ", which is this node's own");
        }
        for (MerlinConf.SyncPath other : found) {
            if (other.name().equals(name)) {
                return Optional.of("is there twice; a name stands for one path, in sync or in sync_peers");
            }
            if (overlap(full, other.path())) {
                return Optional.of("overlaps " + quoted(other.name() + " = " + other.path()));
            }
        }
        return Optional.empty();
    }

    private static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }
}
