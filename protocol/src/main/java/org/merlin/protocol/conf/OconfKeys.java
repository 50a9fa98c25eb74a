package org.merlin.protocol.conf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The keys {@code oconf_*} and {@code scheduler_config}, outside of sections. */
final class OconfKeys {
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(10);
    private static final int MOST_FILES = 1_000_000;

    private OconfKeys() {}

    static MerlinConf.Oconf read(ConfValues global, Path stateDir, List<MerlinConf.SyncPath> extras) {
        MerlinConf.Oconf usual = MerlinConf.Oconf.below(stateDir);
        refuseNoFolder(global, global.path("oconf_dir", usual.dir()));
        return new MerlinConf.Oconf(
                global.path("oconf_dir", usual.dir()),
                global.has("oconf_dir"),
                global.text("oconf_check"),
                global.text("oconf_reload"),
                global.duration("oconf_timeout", LEAST_TIMEOUT, MOST_TIMEOUT).orElse(usual.timeout()),
                global.path("scheduler_config"),
                global.size("oconf_max_size", 1 << 20).orElse(usual.maxBytes()),
                global.number("oconf_max_files", 1, MOST_FILES, usual.maxFiles()),
                extras);
    }

    /** The folder is replaced as a whole: what cannot be is told before anything runs. */
    private static void refuseNoFolder(ConfValues global, Path dir) {
        if (dir.getNameCount() == 0) {
            global.error(global.line("oconf_dir"), "'oconf_dir = " + dir + "' is no folder that could be replaced");
        } else if (Files.isRegularFile(dir)) {
            global.error(
                    global.line("oconf_dir"),
                    "'oconf_dir = " + dir + "' is a file: name the folder that holds the object files");
        }
    }

    /**
     * Where the embedded scheduler's objects are if its section does not say: in the folder that the sync writes, where this node takes
     * part in it; else, and where such a file is there from before and no folder is named, {@code state_dir/objects.cfg}.
     */
    static Path objects(MerlinConf.Oconf oconf, boolean hasMasters, Path stateDir) {
        Path file = stateDir.resolve("objects.cfg");
        return oconf.given() || hasMasters && !Files.exists(file) ? oconf.dir() : file;
    }
}
