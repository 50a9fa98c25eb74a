package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The archive of classes beside merlin.so, from which the scheduler's JVM takes them ready made: a JVM writes it after a run of the
 * module without a scheduler. It is good for that JVM and these jars; one that no longer fits is left aside. Stateless.
 */
final class ClassArchive {
    private static final String NAME = "merlin.jsa";
    private static final int MOST_SECONDS = 60;

    private ClassArchive() {}

    static Path in(Path folder) {
        return folder.resolve(NAME);
    }

    /**
     * Makes it anew.
     *
     * @param home of the JVM that the scheduler gets
     * @param folder of merlin.so and its jars
     * @return why it is not there now; empty if it is
     */
    static Optional<String> make(Path home, Path folder) throws IOException, InterruptedException {
        Path said = Files.createTempFile("merlin-archive", ".log");
        try {
            Files.deleteIfExists(in(folder));
            Process java = new ProcessBuilder(
                            home.resolve("bin/java").toString(),
                            "-XX:ArchiveClassesAtExit=" + in(folder),
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-Djffi.boot.library.path=" + folder.resolve("jni"),
                            "-Djava.class.path=" + classPath(folder),
                            "org.merlin.module.nagios.Training")
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (!java.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                java.destroyForcibly();
                return Optional.of("it took more than " + MOST_SECONDS + " s");
            }
            return Files.exists(in(folder))
                    ? Optional.empty()
                    : Optional.of(Files.readString(said).lines().findFirst().orElse("status " + java.exitValue()));
        } catch (IOException e) {
            return Optional.of(e.toString());
        } finally {
            Files.delete(said);
        }
    }

    /** As merlin.c makes it: an archive is of one class path. */
    private static String classPath(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(":"));
        }
    }
}
