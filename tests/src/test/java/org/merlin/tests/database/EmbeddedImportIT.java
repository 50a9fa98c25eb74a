package org.merlin.tests.database;

import java.nio.file.Path;

/** In H2. */
class EmbeddedImportIT extends ImportContract {
    @Override
    TestDatabase database(Path folder) {
        return new EmbeddedDatabase(folder);
    }

    @Override
    protected String old() {
        return "jdbc:h2:file:" + place.resolve("old") + ";MODE=MySQL;DB_CLOSE_DELAY=-1";
    }
}
