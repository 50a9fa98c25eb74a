package org.merlin.tests.database;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a real MariaDB. */
class MariaDbImportIT extends ImportContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    @Override
    TestDatabase database(Path folder) {
        return new SharedServer(MARIADB.empty());
    }

    @Override
    protected String old() throws Exception {
        MARIADB.server().executeAsAdmin("DROP DATABASE IF EXISTS old");
        MARIADB.server().executeAsAdmin("CREATE DATABASE old CHARACTER SET utf8mb4");
        return database.url().replaceAll("/merlin$", "/old");
    }
}
