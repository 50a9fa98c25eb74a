package org.merlin.daemon.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;

/** Which merlin.conf a command goes by: {@code --merlin-cfg}, else the variable MERLIN_CONF, else the usual place. */
final class CliContext {
    static final Path DEFAULT = Path.of("/etc/merlin/merlin.conf");

    private final Map<String, String> environment;
    private Optional<Path> named = Optional.empty();

    CliContext(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Takes the value of {@code --merlin-cfg}. */
    void name(Path file) {
        named = Optional.of(file);
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
