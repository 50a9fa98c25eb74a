package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the module finds its JVM where merlin.conf names none: $MERLIN_JAVA_HOME, $JAVA_HOME, the java of the path, the
 * distribution's default; the first that has a libjvm.so. The same rules as in merlin.c, find_jvm. Stateless.
 */
public final class JvmSearch {
    static final int OLDEST = 17;
    public static final List<Path> DEFAULTS =
            List.of(Path.of("/usr/lib/jvm/default-java"), Path.of("/usr/lib/jvm/default-runtime"));
    /** What systemd gives to a service: nothing of the shell that this command was called in. */
    static final Map<String, String> SERVICE =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");

    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(?:1\\.)?(\\d+)");

    private JvmSearch() {}

    /** The home of the JVM that a scheduler with these variables gets. */
    static Optional<Path> home(Map<String, String> environment, List<Path> defaults) {
        return Stream.of(
                        variable(environment, "MERLIN_JAVA_HOME"),
                        variable(environment, "JAVA_HOME"),
                        ofThePath(environment).stream(),
                        defaults.stream())
                .flatMap(homes -> homes)
                .filter(home -> Files.isReadable(library(home)))
                .findFirst();
    }

    static Path library(Path home) {
        return home.resolve("lib/server/libjvm.so");
    }

    private static Stream<Path> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).stream().map(Path::of);
    }

    /** Of the first java in the path, wherever links lead to. */
    private static Optional<Path> ofThePath(Map<String, String> environment) {
        String path = environment.getOrDefault("PATH", "");
        for (String folder : (path.isEmpty() ? "/usr/local/bin:/usr/bin:/bin" : path).split(":")) {
            try {
                Path home = Path.of(folder, "java").toRealPath().getParent().getParent();
                if (home != null) {
                    return Optional.of(home);
                }
            } catch (IOException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** Its version by its file {@code release}; empty if that does not tell. */
    static OptionalInt version(Path home) {
        try {
            Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
            return matcher.find() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }
}
