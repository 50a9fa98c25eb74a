package org.merlin.tests.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A MariaDB of a test class's own, from its first test to its last. */
public final class OwnMariaDb implements BeforeAllCallback, AfterAllCallback {
    private Path folder;
    private MariaDbServer server;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("mariadb");
        server = MariaDbServer.start(folder);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (server != null) {
            server.close();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The server, with an empty database. */
    public MariaDbServer empty() {
        server.createEmpty();
        return server;
    }

    public MariaDbServer server() {
        return server;
    }
}
