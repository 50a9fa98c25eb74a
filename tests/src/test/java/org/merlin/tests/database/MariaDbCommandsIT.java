package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In a real MariaDB. */
class MariaDbCommandsIT extends CommandsContract {
    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    @Override
    TestDatabase database(Path folder) {
        return new SharedServer(MARIADB.empty());
    }

    @Test
    void weakSettingsOfTheServerAreSeen() throws Exception {
        mon.run("db", "migrate");
        database.execute("ALTER TABLE comment CONVERT TO CHARACTER SET latin1");
        MARIADB.server().executeAsAdmin("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
        MARIADB.server().executeAsAdmin("SET GLOBAL read_only = 1");
        try {
            Mon.Ended ended = mon.run("db", "check");
            assertThat(ended.status()).isEqualTo(2);
            assertThat(ended.out())
                    .contains("innodb_flush_log_at_trx_commit = 2", "read_only is on", "comment.author is latin1")
                    .contains("takes no writes");
            assertThat(mon.run("db", "purge", "--older-than=1y").status()).isZero(); // nothing is there to remove
        } finally {
            MARIADB.server().executeAsAdmin("SET GLOBAL read_only = 0");
            MARIADB.server().executeAsAdmin("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
        }
    }

    @Test
    void aServerThatIsAwayIsCritical() throws Exception {
        Mon away = Mon.of(place, database, "conn_str = jdbc:mariadb://127.0.0.1:1/merlin;");
        Mon.Ended ended = away.run("db", "check");
        assertThat(ended.status()).as(ended.toString()).isEqualTo(2);
        assertThat(ended.out()).contains("critical").contains("127.0.0.1");
        assertThat(away.run("db", "migrate").status()).isEqualTo(1);
    }
}
