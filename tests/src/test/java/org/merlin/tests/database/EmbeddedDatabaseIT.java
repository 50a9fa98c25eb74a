package org.merlin.tests.database;

import java.nio.file.Path;

/** In H2. */
class EmbeddedDatabaseIT extends DatabaseContract {
    @Override
    TestDatabase database(Path folder) {
        return new EmbeddedDatabase(folder);
    }
}
