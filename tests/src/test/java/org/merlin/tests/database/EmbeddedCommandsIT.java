package org.merlin.tests.database;

import java.nio.file.Path;

/** In H2. */
class EmbeddedCommandsIT extends CommandsContract {
    @Override
    TestDatabase database(Path folder) {
        return new EmbeddedDatabase(folder);
    }
}
