package org.merlin.tests.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.merlin.daemon.bench.MadeUpYear;
import org.merlin.daemon.sink.sql.SqlReport;
import org.merlin.daemon.sink.sql.SqlSession;

/** In a real MariaDB, where the server also says how it finds what was asked. */
class MariaDbReportsIT extends ReportsContract {
    private static final int DAYS = 365;
    private static final long END = MadeUpYear.BEGIN + DAYS * 86_400L;

    /** Tables that grow without end, and what the queries call them. */
    private static final Set<String> LARGE = Set.of("report_data", "r", "notification");

    @RegisterExtension
    static final OwnMariaDb MARIADB = new OwnMariaDb();

    @Override
    TestDatabase database(Path folder) {
        return new SharedServer(MARIADB.empty());
    }

    @Test
    void noDocumentedQueryReadsAllOfTheHistory() throws Exception {
        try (SqlSession session =
                SqlSession.open(MARIADB.server().conf(), MARIADB.server().folder(), NAMES)) {
            session.migrate();
            Map<String, Long> rows = MadeUpYear.fill(session, new MadeUpYear.Size(60, 10, DAYS, 7));
            assertThat(rows.get("report_data")).isGreaterThan(20_000);
            Map<String, Object> ofAll = Map.of("from", END - 30 * 86_400L, "to", END, "host", "*", "limit", 25);
            Map<String, Object> ofOne = Map.of(
                    "from",
                    END - 90 * 86_400L,
                    "to",
                    END,
                    "host",
                    "host-00007.example.com",
                    "service",
                    "ping",
                    "contact",
                    "contact-007",
                    "limit",
                    1_000);
            assertThat(keys(session, SqlReport.AVAILABILITY, ofAll))
                    .contains("report_object")
                    .isSubsetOf("report_object", "report_time");
            assertThat(keys(session, SqlReport.AVAILABILITY, ofOne)).isSubsetOf("report_object", "report_time");
            assertThat(keys(session, SqlReport.TOP_ALERTS, ofAll)).containsExactly("report_time");
            assertThat(keys(session, SqlReport.NOTIFICATIONS_OF_CONTACT, ofOne))
                    .containsExactly("notification_contact");
            assertThat(keys(session, SqlReport.NOTIFICATIONS_OF_OBJECT, ofOne)).containsExactly("notification_object");
        }
    }

    private static List<String> keys(SqlSession session, SqlReport report, Map<String, Object> values)
            throws Exception {
        List<SqlReport.Step> steps = report.plan(session, values).stream()
                .filter(step -> LARGE.contains(step.table()))
                .toList();
        assertThat(steps).noneMatch(step -> Set.of("ALL", "index").contains(step.access()));
        return steps.stream().map(SqlReport.Step::key).toList();
    }
}
