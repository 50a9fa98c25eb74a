package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.tests.database.MariaDbServer;

/** In one MariaDB. */
class SharedDatabaseIT extends SharedDatabaseContract {
    private static MariaDbServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws IOException {
        server = MariaDbServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    @Override
    void start() throws Exception {
        server.createEmpty();
        super.start();
    }

    @Override
    String section(String node) {
        return server.section(3);
    }

    @Override
    List<String> rows(String sql) throws SQLException {
        return server.rows(sql);
    }

    @Override
    void harm(SplittableRandom random) {
        // the daemons are harmed enough
    }
}
