package org.merlin.daemon.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;

/**
 * Which merlin.conf a command goes by: {@code --merlin-cfg}, else the variable MERLIN_CONF, else the usual place. And what the
 * global options say of the scheduler's files.
 */
final class CliContext {
    static final Path DEFAULT = Path.of("/etc/merlin/merlin.conf");

    private final Map<String, String> environment;
    private Optional<Path> named = Optional.empty();
    private Optional<Path> nagiosCfg = Optional.empty();
    private Optional<Path> objectCache = Optional.empty();

    CliContext(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Takes the value of {@code --merlin-cfg}. */
    void name(Path file) {
        named = Optional.of(file);
    }

    /** Takes the value of {@code --nagios-cfg}. */
    void nagiosCfg(Path file) {
        nagiosCfg = Optional.of(file);
    }

    /** The scheduler's main configuration, if an option names it. */
    Optional<Path> nagiosCfg() {
        return nagiosCfg;
    }

    /** Takes the value of {@code --object-cache}. */
    void objectCache(Path file) {
        objectCache = Optional.of(file);
    }

    /** The scheduler's object cache, if an option names it. */
    Optional<Path> objectCache() {
        return objectCache;
    }

    /** The variables of this command. */
    Map<String, String> environment() {
        return environment;
    }

    Path file() {
        return named.or(() -> Optional.ofNullable(environment.get("MERLIN_CONF"))
                        .filter(value -> !value.isBlank())
                        .map(Path::of))
                .orElse(DEFAULT);
    }

    /** Reads it. */
    MerlinConf conf() throws ConfException {
        return MerlinConf.load(file());
    }

    /** A client of the daemon whose merlin.conf this is. */
    AdminClient daemon() throws ConfException {
        return new AdminClient(conf().adminSocket());
    }
}
