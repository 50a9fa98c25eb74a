package org.merlin.protocol.conf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads section {@code database}: where history and current state are written. All keys of the C original load. */
final class DatabaseSection {
    private static final Map<String, MerlinConf.Database.Type> TYPES = Map.of(
            "embedded", MerlinConf.Database.Type.EMBEDDED,
            "h2", MerlinConf.Database.Type.EMBEDDED,
            "mysql", MerlinConf.Database.Type.MARIADB,
            "mariadb", MerlinConf.Database.Type.MARIADB);

    /** Each stands for several keys that begin like it. */
    private static final List<String> FAMILIES_OF_FLAGS = List.of("log_notification", "track_current");

    private static final List<String> PERFDATA_TABLES =
            List.of("host_perfdata_table", "service_perfdata_table", "perfdata_table");

    private static final Duration LEAST_FAILOVER = Duration.ofSeconds(3);
    private static final Duration MOST_FAILOVER = Duration.ofMinutes(10);
    private static final Duration LEAST_KEPT = Duration.ofDays(1);
    private static final Duration MOST_KEPT = Duration.ofDays(36_500);

    private final Sections sections;
    private final ConfValues database;

    private DatabaseSection(Sections sections, ConfValues database) {
        this.sections = sections;
        this.database = database;
    }

    /** Empty if it is switched off. */
    static Optional<MerlinConf.Database> read(Sections sections, ConfValues database) {
        return new DatabaseSection(sections, database).read();
    }

    private Optional<MerlinConf.Database> read() {
        MerlinConf.Database.Type type = type();
        List<String> hosts = database.names("host");
        Optional<String> url = url();
        MerlinConf.Database conf = new MerlinConf.Database(
                type,
                hosts.isEmpty() ? List.of("localhost") : hosts,
                database.number("port", 1, 65_535, 3306),
                database.text("name", "database").orElse("merlin"),
                database.text("user").orElse("merlin"),
                database.text("pass").orElse("merlin"),
                url,
                database.flag("log_report_data", true),
                flags("log_notification"),
                perfdata(),
                database.duration("failover_timeout", LEAST_FAILOVER, MOST_FAILOVER)
                        .orElse(MerlinConf.Database.DEFAULT_FAILOVER),
                database.duration("keep", LEAST_KEPT, MOST_KEPT));
        flags("track_current");
        database.text("encoding");
        database.flag("logsql");
        database.checkDuration("commit_interval");
        database.checkCount("commit_queries");
        boolean enabled = database.flag("enabled", true);
        sections.finish(database, List.of());
        return enabled ? Optional.of(conf) : Optional.empty();
    }

    private MerlinConf.Database.Type type() {
        Optional<ConfSection.Entry> entry = database.entry("type");
        String word = entry.map(ConfSection.Entry::value).orElse("mariadb").toLowerCase(Locale.ROOT);
        if (!TYPES.containsKey(word)) {
            database.refuse(entry.orElseThrow(), "is not written: type is mariadb (or mysql), or embedded");
        }
        return TYPES.getOrDefault(word, MerlinConf.Database.Type.MARIADB);
    }

    private Optional<String> url() {
        Optional<ConfSection.Entry> given = database.entry("conn_str");
        Optional<String> url = given.map(ConfSection.Entry::value).filter(text -> text.startsWith("jdbc:mariadb:"));
        if (given.isPresent() && url.isEmpty()) {
            database.warn(
                    given.get().line(),
                    "'conn_str' is not read but as a JDBC URL, jdbc:mariadb://HOST:PORT/NAME: host, port, name, user and pass count");
        }
        return url;
    }

    /** Whether all flags of a family are set, as they are where none stands there. */
    private boolean flags(String beginning) {
        List<String> keys = new ArrayList<>(List.of(beginning));
        database.section().entries().stream()
                .map(ConfSection.Entry::key)
                .filter(key -> key.startsWith(beginning) && !key.equals(beginning))
                .forEach(keys::add);
        boolean all = true;
        for (String key : keys) {
            all &= database.flag(key, true);
        }
        return all;
    }

    private boolean perfdata() {
        boolean wanted = database.flag("perfdata", false);
        for (String key : PERFDATA_TABLES) {
            wanted |= database.text(key).isPresent();
        }
        return wanted;
    }
}
