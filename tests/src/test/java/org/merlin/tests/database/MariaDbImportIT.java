package org.merlin.tests.database;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** In a real MariaDB. */
class MariaDbImportIT extends ImportContract {
    private static MariaDbServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        server = MariaDbServer.start(folder);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    TestDatabase database(Path folder) {
        server.createEmpty();
        return new SharedServer(server);
    }

    @Override
    protected String old() throws Exception {
        server.executeAsAdmin("DROP DATABASE IF EXISTS old");
        server.executeAsAdmin("CREATE DATABASE old CHARACTER SET utf8mb4");
        return database.url().replaceAll("/merlin$", "/old");
    }
}
