package org.merlin.daemon.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.merlin.daemon.install.Installation;
import org.merlin.daemon.install.JvmSearch;
import org.merlin.daemon.install.ModuleFolder;
import org.merlin.daemon.install.SchedulerKind;
import picocli.CommandLine.Option;

/** What {@code mon module install} and {@code uninstall} are told alike. */
final class ModuleOptions {
    @Option(names = "--scheduler", paramLabel = "KIND", description = "nagios4 or naemon; must be given.")
    private String scheduler;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Its main configuration; default is /etc/nagios4/nagios.cfg, /etc/naemon/naemon.cfg.")
    private Path config;

    @Option(
            names = "--module-dir",
            paramLabel = "DIR",
            description = "Folder of merlin.so and its jars; default is that of this package or clone.")
    private Path moduleDir;

    @Option(names = "--dry-run", description = "Check and print everything, change nothing.")
    private boolean dryRun;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    OutputFormat format() {
        return format;
    }

    /** Empty if the scheduler is not named, or not known. */
    Optional<SchedulerKind> kind() {
        return SchedulerKind.of(scheduler == null ? "" : scheduler);
    }

    Installation installation(SchedulerKind kind, CliContext context) {
        return new Installation(new Installation.Request(
                kind,
                Optional.ofNullable(config),
                Optional.ofNullable(moduleDir)
                        .orElseGet(() -> ModuleFolder.beside(Path.of(System.getProperty("merlin.bin", "bin")))),
                context.file(),
                dryRun,
                context.environment(),
                JvmSearch.DEFAULTS));
    }

    /** What the other command is called with for the same file. */
    String again() {
        return "--scheduler " + scheduler + (config == null ? "" : " --config " + config)
                + (moduleDir == null ? "" : " --module-dir " + moduleDir);
    }
}
