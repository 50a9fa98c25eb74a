package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.merlin.daemon.sink.sql.SqlCheck.Finding;
import org.merlin.daemon.sink.sql.SqlCheck.Severity;

/** How a server is set up and stands just now, as far as that counts for a writer. Pure but for its queries; commits none of them. */
final class ServerCheck {
    private static final double MOST_CLOCK_SECONDS = 1;
    private static final String VARIABLES = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('hostname', 'log_bin',"
            + " 'sync_binlog', 'innodb_flush_log_at_trx_commit', 'read_only', 'wsrep_on')";

    private ServerCheck() {}

    /** Its clock beside this machine's, which counts microseconds since 1970. */
    static Finding clock(Connection connection, boolean embedded, LongSupplier wallMicros) throws SQLException {
        String sql = embedded ? "SELECT EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6))" : "SELECT UNIX_TIMESTAMP(NOW(6))";
        SqlSession.rows(connection, sql); // prepared, and its connection awake
        connection.commit(); // a time stands still within a transaction of H2
        long before = wallMicros.getAsLong();
        double theirs =
                Double.parseDouble(SqlSession.rows(connection, sql).get(0).get(0));
        long after = wallMicros.getAsLong();
        double ahead = theirs - (before + after) / 2e6;
        boolean differs = Math.abs(ahead) - (after - before) / 2e6 > MOST_CLOCK_SECONDS;
        String what = String.format(
                Locale.ROOT, "its clock is %.1f s %s ours", Math.abs(ahead), ahead < 0 ? "behind" : "before");
        return new Finding(
                differs ? Severity.WARNING : Severity.OK,
                what
                        + (differs
                                ? ": let both follow NTP; who writes is decided by no clock, what reports say is"
                                : ""));
    }

    /** How it keeps what it was given, whether it takes writes, and its place in a Galera cluster. */
    static List<Finding> settings(Connection connection) throws SQLException {
        Map<String, String> variables = named(connection, VARIABLES);
        List<Finding> findings = new ArrayList<>(flushing(variables));
        if (isOn(variables, "read_only")) {
            findings.add(new Finding(
                    Severity.WARNING, "read_only is on: the server takes writes of privileged users alone"));
        }
        if (isOn(variables, "wsrep_on")) {
            findings.addAll(galera(connection, variables.getOrDefault("hostname", "")));
        }
        return findings;
    }

    private static List<Finding> galera(Connection connection, String node) throws SQLException {
        return new GaleraCheck(named(connection, "SHOW GLOBAL STATUS LIKE 'wsrep%'"), node).findings();
    }

    private static List<Finding> flushing(Map<String, String> variables) {
        List<Finding> findings = new ArrayList<>();
        String log = variables.getOrDefault("innodb_flush_log_at_trx_commit", "1");
        if (!log.equals("1") && !log.equals("3")) {
            findings.add(
                    new Finding(
                            Severity.WARNING,
                            "innodb_flush_log_at_trx_commit = " + log
                                    + ": a power failure of the server takes about a second of history, which is not written again"));
        }
        String binlog = variables.getOrDefault("sync_binlog", "1");
        if (isOn(variables, "log_bin") && !binlog.equals("1")) {
            findings.add(new Finding(
                    Severity.WARNING,
                    "sync_binlog = " + binlog
                            + ": after a power failure of the server its replicas may have what it has lost"));
        }
        return findings;
    }

    private static boolean isOn(Map<String, String> variables, String name) {
        return List.of("ON", "1").contains(variables.getOrDefault(name, "").toUpperCase(Locale.ROOT));
    }

    private static Map<String, String> named(Connection connection, String sql) throws SQLException {
        Map<String, String> named = new HashMap<>();
        SqlSession.rows(connection, sql).forEach(row -> named.put(row.get(0).toLowerCase(Locale.ROOT), row.get(1)));
        return named;
    }
}
