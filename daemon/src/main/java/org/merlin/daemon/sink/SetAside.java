package org.merlin.daemon.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events whose rows the database does not take, each with the reason: lines of JSON in {@code state_dir/sink/set-aside.json}. It grows
 * to 16 MiB; what comes then is counted only. Confined to the sink's thread.
 */
final class SetAside {
    private static final long MAX_BYTES = 16 << 20;

    private final Path file;
    private final ObjectMapper mapper = new ObjectMapper();

    SetAside(Path folder) {
        file = folder.resolve("set-aside.json");
    }

    void add(NamedEvent event, String why) throws IOException {
        if (Files.exists(file) && Files.size(file) > MAX_BYTES) {
            return;
        }
        Files.createDirectories(file.getParent());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", event.name().toString());
        line.put("time", event.micros() / 1e6);
        line.put("why", why);
        line.put("event", event.event().toString());
        Files.write(
                file,
                (mapper.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
