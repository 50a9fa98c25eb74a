package org.merlin.protocol.conf;

import java.util.List;

/** Checks section {@code database}: all its keys load, so that a file of the C original does, and none is used yet. */
final class DatabaseSection {
    private static final List<String> TEXTS = List.of(
            "type",
            "name",
            "database",
            "user",
            "pass",
            "host",
            "conn_str",
            "encoding",
            "host_perfdata_table",
            "service_perfdata_table",
            "perfdata_table");

    /** Each stands for several keys that begin like it. */
    private static final List<String> FAMILIES_OF_FLAGS = List.of("log_notification", "track_current");

    private DatabaseSection() {}

    static void check(Sections sections, ConfValues database) {
        TEXTS.forEach(database::text);
        database.flag("log_report_data");
        database.flag("logsql");
        for (String beginning : FAMILIES_OF_FLAGS) {
            database.flag(beginning);
            database.section().entries().stream()
                    .map(ConfSection.Entry::key)
                    .filter(key -> key.startsWith(beginning) && !key.equals(beginning))
                    .forEach(database::flag);
        }
        database.number("port", 1, 65_535, 3306);
        database.checkDuration("commit_interval");
        database.checkCount("commit_queries");
        if (database.flag("enabled", true)) {
            database.warn(
                    database.section().line(),
                    "section 'database' does nothing in this release: no database is written; its writer comes later");
        }
        sections.finish(database, List.of());
    }
}
