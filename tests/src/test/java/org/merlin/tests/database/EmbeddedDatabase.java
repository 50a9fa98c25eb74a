package org.merlin.tests.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.merlin.protocol.conf.MerlinConf;

/** H2 in a folder. */
public record EmbeddedDatabase(Path folder) implements TestDatabase {
    @Override
    public MerlinConf.Database conf() {
        return new MerlinConf.Database(
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
    }

    @Override
    public String url() {
        return "jdbc:h2:file:" + folder.toAbsolutePath().resolve("merlin")
                + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;AUTO_SERVER=TRUE"
                + ";NON_KEYWORDS=VALUE,KEY,TEXT";
    }

    @Override
    public void close() {}
}
