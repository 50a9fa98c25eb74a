package org.merlin.daemon.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.conf.MerlinConf;

class SqlServerTest {
    @Test
    void timesOfAnEmbeddedDatabaseAreUtcWhereverItIs(@TempDir Path folder) throws Exception {
        MerlinConf.Database conf = new MerlinConf.Database(
                MerlinConf.Database.Type.EMBEDDED,
                List.of(),
                0,
                "merlin",
                "merlin",
                "merlin",
                Optional.empty(),
                true,
                true,
                true,
                Duration.ofSeconds(3),
                Optional.empty());
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
        try (SqlServer server = SqlServer.open(conf, folder, List.of());
                Connection connection = server.connect()) {
            assertThat(SqlSession.rows(connection, "SELECT UNIX_TIMESTAMP(TIMESTAMP '1970-01-02 00:00:00')"))
                    .containsExactly(List.of("86400"));
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
