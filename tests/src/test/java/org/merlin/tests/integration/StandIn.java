package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A scheduler that cannot be installed here, played by {@code standin.c}: memory laid out by a column of the module's table, the
 * real merlin.so inside. What it is told to do and what it prints is at the top of that file.
 */
final class StandIn implements AutoCloseable {
    private static final Path SOURCES = RealNode.HOME.resolve("module/nagios/src/test/c");
    private static final Path TABLE =
            RealNode.HOME.resolve("module/nagios/src/main/resources/org/merlin/module/nagios/layouts.txt");
    private static final Path MODULE = RealNode.HOME.resolve("module/nagios/target/merlin/merlin.so");
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Process process;
    private final Writer steps;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** A scheduler of the table. */
    enum Kind {
        NAGIOS_4_4("4.4.6"),
        NAGIOS_4_5("4.5.12"),
        NAEMON_1("1.5.2");

        private final String version;

        Kind(String version) {
            this.version = version;
        }

        String version() {
            return version;
        }

        /** Offsets by field; -1 where this scheduler has none. */
        Map<String, Integer> offsets() throws IOException {
            Map<String, Integer> offsets = new LinkedHashMap<>();
            for (String line : Files.readAllLines(TABLE)) {
                if (!line.startsWith("#")) {
                    String[] words = line.split("\\s+");
                    String offset = words[1 + ordinal()];
                    offsets.put(words[0], offset.equals("-") ? -1 : Integer.parseInt(offset));
                }
            }
            return offsets;
        }
    }

    /** Why stand-ins cannot run here; empty if they can. */
    static Optional<String> missing() {
        if (!Files.exists(MODULE)) {
            return Optional.of("merlin.so was not built: apt-get install gcc, and a JDK with jni.h");
        }
        return compilers().isEmpty()
                ? Optional.of("there is no C compiler here for the stand-in: apt-get install gcc")
                : Optional.empty();
    }

    private static List<Path> compilers() {
        List<Path> found = new ArrayList<>();
        for (String folder : System.getenv("PATH").split(":")) {
            Path compiler =
                    Path.of(folder, Optional.ofNullable(System.getenv("CC")).orElse("cc"));
            if (Files.isExecutable(compiler)) {
                found.add(compiler);
            }
        }
        return found;
    }

    /** Compiles the stand-in of a kind. */
    static Path compile(Kind kind, Path folder) throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve(kind.name()));
        StringBuilder header = new StringBuilder("/* A column of layouts.txt. */\n");
        header.append("#define NAEMON ").append(kind == Kind.NAEMON_1 ? 1 : 0).append('\n');
        header.append("#define VERSION \"").append(kind.version()).append("\"\n#define FIELDS");
        kind.offsets()
                .forEach((field, offset) -> header.append(" \\\n    FIELD(")
                        .append(field.toUpperCase(Locale.ROOT).replace('.', '_'))
                        .append(", \"")
                        .append(field)
                        .append("\", ")
                        .append(offset)
                        .append(")"));
        Files.writeString(work.resolve("layout.h"), header.append('\n'));
        Path program = work.resolve("standin");
        Process compiler = new ProcessBuilder(
                        compilers().get(0).toString(),
                        "-std=gnu11",
                        "-O1",
                        "-g",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-rdynamic",
                        "-I" + work,
                        "-o",
                        program.toString(),
                        SOURCES.resolve("scheduler.c").toString(),
                        SOURCES.resolve("standin.c").toString(),
                        "-ldl",
                        "-lpthread")
                .redirectErrorStream(true)
                .start();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor()).as(said).isZero();
        return program;
    }

    /** Starts one in the place of a node's scheduler. */
    StandIn(Path program, RealNode node, String version) throws IOException {
        Path folder = node.folder();
        Files.writeString(folder.resolve("objects.cfg"), "the same on all nodes\n");
        Path main = Files.writeString(folder.resolve("nagios.cfg"), "cfg_file=objects.cfg\n");
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "-v",
                version,
                MODULE.toString(),
                node.conf().toString(),
                main.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectError(
                ProcessBuilder.Redirect.appendTo(folder.resolve("standin.err").toFile()));
        process = builder.start();
        steps = process.outputWriter();
        Thread reader = new Thread(this::read, "standin of " + node.name());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            out.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("closed: " + e.getMessage());
        }
    }

    /** All that it has printed. */
    List<String> lines() {
        return lines;
    }

    /** Has it do a step, which must be well; returns what it printed meanwhile, that step's line last. */
    List<String> step(String step) {
        List<String> printed = attempt(step);
        assertThat(printed.get(printed.size() - 1))
                .as(String.join("\n", printed))
                .isEqualTo("ok " + step);
        return printed;
    }

    /** Repeats a step until it is well. */
    void stepWithin(Duration within, String step) {
        await().atMost(within).until(() -> attempt(step).contains("ok " + step));
    }

    private List<String> attempt(String step) {
        int from = lines.size();
        try {
            steps.write(step + "\n");
            steps.flush();
        } catch (IOException e) {
            throw new AssertionError("the stand-in has ended: " + lines, e);
        }
        await().alias(step)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !process.isAlive() || since(from).stream().anyMatch(line -> isEnd(line, step)));
        assertThat(process.isAlive()).as("lives after " + step + ": " + lines).isTrue();
        List<String> printed = since(from);
        while (!isEnd(printed.get(printed.size() - 1), step)) {
            printed.remove(printed.size() - 1); // of a later turn
        }
        return printed;
    }

    private List<String> since(int from) {
        List<String> now = new ArrayList<>(lines); // lines grows meanwhile
        now.subList(0, from).clear();
        return now;
    }

    private static boolean isEnd(String line, String step) {
        return line.equals("ok " + step) || line.startsWith("not ok " + step + ":");
    }

    /** Waits for a line that begins so; returns it. */
    String awaitLine(String start) {
        await().alias(start)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> lines.stream().anyMatch(line -> line.startsWith(start)));
        return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    /** The files that are mapped into its memory and whose path contains a word. */
    Set<String> mapped(String word) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/maps")).stream()
                .filter(line -> line.contains(word) && line.contains("/"))
                .map(line -> line.substring(line.indexOf('/')))
                .collect(Collectors.toSet());
    }

    /** Whether it ended well after its last step. */
    int end() throws IOException, InterruptedException {
        steps.close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("has ended").isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
