package org.merlin.tests.integration;

import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.merlin.tests.database.OwnMariaDb;

/** In one MariaDB. */
class SharedDatabaseIT extends SharedDatabaseContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    @BeforeEach
    @Override
    void start() throws Exception {
        MARIADB.empty();
        super.start();
    }

    @Override
    String section(String node) {
        return MARIADB.server().section(3);
    }

    @Override
    List<String> rows(String sql) throws SQLException {
        return MARIADB.server().rows(sql);
    }

    @Override
    void harm(SplittableRandom random) {
        // the daemons are harmed enough
    }
}
