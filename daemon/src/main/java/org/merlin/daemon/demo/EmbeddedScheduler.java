package org.merlin.daemon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merlin.confsync.objects.ObjectFile;

/** {@code merlin-scheduler}. Its run log and retention file tell what is judged. */
final class EmbeddedScheduler implements DemoScheduler {
    /** What is each scheduler's own business. */
    private static final List<String> OWN = List.of("due=", "active=");

    private final Path bin;

    EmbeddedScheduler(Path bin) {
        this.bin = bin;
    }

    @Override
    public List<String> missing() {
        return List.of();
    }

    @Override
    public ObjectFile prepare(ObjectFile objects, Path demoFolder) {
        return objects;
    }

    @Override
    public void configure(DemoNode node) {
        // merlin.conf tells it everything
    }

    @Override
    public List<String> command(DemoNode node) {
        return List.of(
                bin.resolve("merlin-scheduler").toString(), "-c", node.conf().toString());
    }

    @Override
    public Path commandPipe(DemoNode node) {
        return node.state().resolve("command.pipe");
    }

    @Override
    public long slackMillis() {
        return 0;
    }

    @Override
    public Retained retained(DemoNode node) throws IOException {
        Path file = node.state().resolve("retention.dat");
        Map<String, String> objects = new HashMap<>();
        Map<String, Mark> applied = new HashMap<>();
        List<Long> counts = List.of();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("\t", -1);
            switch (fields[0]) {
                case "object" -> objects.put(fields[1], shared(fields));
                case "applied" -> applied.put(fields[1] + "/" + fields[2], Mark.of(fields));
                case "memory" ->
                    counts = Arrays.stream(fields).skip(1).map(Long::valueOf).toList();
                default -> {}
            }
        }
        if (counts.isEmpty()) {
            throw new IOException(file + " holds no counts");
        }
        return new Retained(objects, applied, counts);
    }

    private static String shared(String[] fields) {
        List<String> shared = new ArrayList<>();
        for (int i = 2; i < fields.length; i++) {
            String field = fields[i];
            if (OWN.stream().noneMatch(field::startsWith)) {
                shared.add(field);
            }
        }
        return String.join("\t", shared);
    }
}
