package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.tests.integration.OneNameDns;

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
    void whomTheAddressNamesIsWhoLogsIn() throws Exception {
        MerlinConf.Database conf = database.conf();
        String address = "jdbc:mariadb://127.0.0.1:" + conf.port() + "/" + conf.name() + "?user=";
        Mon right = Mon.of(
                place, database, "user = nobody; pass = wrong; conn_str = " + address + "merlin&password=merlin;");
        Mon.Ended good = right.run("db", "migrate");
        assertThat(good.status()).as(good.toString()).isZero();
        Mon wrong = Mon.of(place, database, "conn_str = " + address + "nobody&password=secret;");
        Mon.Ended ended = wrong.run("db", "check");
        assertThat(ended.status()).as(ended.toString()).isEqualTo(2);
        assertThat(ended.out() + ended.err()).contains("nobody").doesNotContain("secret");
    }

    @Test
    void aServerThatIsAwayIsCritical() throws Exception {
        Mon away = Mon.of(place, database, "conn_str = jdbc:mariadb://127.0.0.1:1/merlin;");
        Mon.Ended ended = away.run("db", "check");
        assertThat(ended.status()).as(ended.toString()).isEqualTo(2);
        assertThat(ended.out()).contains("critical").contains("127.0.0.1");
        assertThat(away.run("db", "migrate").status()).isEqualTo(1);
    }

    @Test
    void aNameOfAResolversDomainIsAskedOfThatServerAlone() throws Exception {
        MerlinConf.Database conf = database.conf();
        try (OneNameDns dns = new OneNameDns()) {
            dns.says("galeradb.service.consul", "127.0.0.1");
            Mon byName = Mon.by(
                    place,
                    "node_name = m1;\nstate_dir = " + place
                            + ";\ndaemon { database { host = galeradb.service.consul; port = "
                            + conf.port() + "; name = " + conf.name() + "; user = " + conf.user() + "; pass = "
                            + conf.pass() + "; } }\nresolver { domain = consul; address = 127.0.0.1; port = "
                            + dns.port() + "; }\n");
            Mon.Ended ended = byName.run("db", "migrate");
            assertThat(ended.status()).as(ended.toString()).isZero();
            assertThat(ended.err()).doesNotContain("netty");
            assertThat(dns.asked()).containsOnly("galeradb.service.consul");
            assertThat(byName.run("db", "check").status()).isZero();
        }
    }
}
