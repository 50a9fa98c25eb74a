package org.merlin.tests.database;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a real MariaDB. */
class MariaDbIT extends DatabaseContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    @Override
    TestDatabase database(Path folder) {
        return new SharedServer(MARIADB.empty());
    }
}
