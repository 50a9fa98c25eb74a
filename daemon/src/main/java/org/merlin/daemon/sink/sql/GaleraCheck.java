package org.merlin.daemon.sink.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the node of a Galera cluster that we are connected with says of itself and the cluster. */
final class GaleraCheck {
    private static final int ENOUGH = 3;

    private final Map<String, String> status;
    private final String node;

    /**
     * Makes it.
     *
     * @param status of SHOW GLOBAL STATUS, names in lower case
     * @param node its name, for people
     */
    GaleraCheck(Map<String, String> status, String node) {
        this.status = Map.copyOf(status);
        this.node = node;
    }

    List<SqlCheck.Finding> findings() {
        List<SqlCheck.Finding> findings = new ArrayList<>();
        String part = value("wsrep_cluster_status");
        findings.add(
                part.equals("Primary")
                        ? ok("is in the primary part of its cluster")
                        : critical("is " + part + ", cut off from most of its cluster: it takes nothing"));
        if (!value("wsrep_ready").equals("ON")) {
            findings.add(critical("is not ready (wsrep_ready " + value("wsrep_ready") + "): it takes no statements"));
        }
        findings.add(state(value("wsrep_local_state_comment")));
        findings.add(size(value("wsrep_cluster_size")));
        return findings;
    }

    private SqlCheck.Finding state(String state) {
        return switch (state) {
            case "Synced" -> ok("is synced");
            case "Donor/Desynced" -> warning("is a donor: slow until the node that joins has its copy");
            default -> critical("is " + state + ", not Synced: it takes nothing until it is");
        };
    }

    private SqlCheck.Finding size(String size) {
        boolean few = !size.matches("\\d{1,6}") || Integer.parseInt(size) < ENOUGH;
        return few
                ? warning("sees " + size + " nodes in its cluster: it needs three to go on when one dies")
                : ok("sees " + size + " nodes in its cluster");
    }

    private String value(String name) {
        return status.getOrDefault(name, "unknown");
    }

    private SqlCheck.Finding ok(String what) {
        return new SqlCheck.Finding(SqlCheck.Severity.OK, "Galera node " + node + " " + what);
    }

    private SqlCheck.Finding warning(String what) {
        return new SqlCheck.Finding(SqlCheck.Severity.WARNING, "Galera node " + node + " " + what);
    }

    private SqlCheck.Finding critical(String what) {
        return new SqlCheck.Finding(SqlCheck.Severity.CRITICAL, "Galera node " + node + " " + what);
    }
}
