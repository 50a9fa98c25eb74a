package org.merlin.daemon.install;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where merlin.so and its jars lie: below a clone that built them, else where a package puts them. Stateless. */
public final class ModuleFolder {
    private static final Path PACKAGE = Path.of("/usr/lib/merlin");

    private ModuleFolder() {}

    /**
     * Finds it.
     *
     * @param bin folder of the commands
     */
    public static Path beside(Path bin) {
        Path home = bin.toAbsolutePath().normalize().getParent();
        if (home == null) {
            return PACKAGE;
        }
        if (Files.exists(home.resolve("module/nagios/pom.xml"))) {
            return home.resolve("module/nagios/target/merlin");
        }
        return Files.exists(home.resolve("merlin.so")) ? home : PACKAGE;
    }

    /** merlin.so in it. */
    public static Path library(Path folder) {
        return folder.resolve("merlin.so");
    }
}
