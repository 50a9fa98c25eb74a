package org.merlin.daemon.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GaleraCheckTest {
    private final Map<String, String> status = new HashMap<>(Map.of(
            "wsrep_cluster_status", "Primary",
            "wsrep_ready", "ON",
            "wsrep_local_state_comment", "Synced",
            "wsrep_cluster_size", "3"));

    private SqlCheck.Severity worstWith(String name, String value) {
        status.put(name, value);
        return new SqlCheck.Report("", "", "", 0, new GaleraCheck(status, "g1").findings(), java.util.List.of())
                .worst();
    }

    @Test
    void threeSyncedNodesAreGood() {
        assertThat(worstWith("wsrep_cluster_size", "3")).isEqualTo(SqlCheck.Severity.OK);
    }

    @Test
    void aDonorAndASmallClusterAreWarnedOf() {
        assertThat(worstWith("wsrep_cluster_size", "2")).isEqualTo(SqlCheck.Severity.WARNING);
        assertThat(worstWith("wsrep_local_state_comment", "Donor/Desynced")).isEqualTo(SqlCheck.Severity.WARNING);
    }

    @Test
    void aNodeThatTakesNothingIsCritical() {
        assertThat(worstWith("wsrep_local_state_comment", "Joined")).isEqualTo(SqlCheck.Severity.CRITICAL);
    }

    @Test
    void aNodeThatIsCutOffIsCritical() {
        assertThat(worstWith("wsrep_cluster_status", "non-Primary")).isEqualTo(SqlCheck.Severity.CRITICAL);
        assertThat(new GaleraCheck(status, "g1").findings())
                .anyMatch(finding -> finding.what().contains("Galera node g1 is non-Primary"));
    }
}
