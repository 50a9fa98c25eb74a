package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.status.NodeView;

/** Two real daemons; one knows the other by a name that only the server of its domain knows, and is the only one to dial. */
class NamesIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String NAME = "m2.node.consul";

    @TempDir
    private Path work;

    private OneNameDns dns;
    private RealNode m1;
    private RealNode m2;

    @BeforeEach
    void configure() throws IOException {
        dns = new OneNameDns();
        Path ca = Files.createDirectories(work.resolve("ca"));
        var authority = RealNode.authority(ca);
        m1 = new RealNode("m1", work);
        m2 = new RealNode("m2", work);
        m1.configure(authority, ca, "peer m2 { address = " + NAME + "; port = " + m2.port() + "; }\n" + resolver());
        m2.configure(authority, ca, m1.section("peer", "connect = no;"));
    }

    @AfterEach
    void stop() {
        m1.close();
        m2.close();
        dns.close();
    }

    private String resolver() {
        return "resolver { domain = consul; address = 127.0.0.1; port = " + dns.port() + "; }\n";
    }

    private void meet() {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(m1.sees("m2").map(NodeView::state)).contains("connected"));
    }

    private static void change(RealNode node, String from, String to) throws IOException {
        String before = Files.readString(node.conf());
        assertThat(before).contains(from);
        Files.writeString(node.conf(), before.replace(from, to));
    }

    @Test
    void aPeerIsFoundByTheServerOfItsDomainAndElsewhereAtTheNextDial() throws Exception {
        dns.says(NAME, "127.0.0.1");
        m1.startDaemon();
        m2.startDaemon();
        meet();
        assertThat(m1.sees("m2").map(NodeView::remote)).contains("127.0.0.1:" + m2.port());

        m2.killDaemon();
        change(m2, "daemon { address = 127.0.0.1;", "daemon { address = 127.0.0.2;");
        dns.says(NAME, "127.0.0.2");
        m2.startDaemon();
        meet();
        assertThat(m1.sees("m2").map(NodeView::remote)).contains("127.0.0.2:" + m2.port());
        assertThat(dns.asked()).containsOnly(NAME);
    }

    @Test
    void aServerOfNamesComesWithAReload() throws Exception {
        change(m1, resolver(), "");
        dns.says(NAME, "127.0.0.1");
        m1.startDaemon();
        m2.startDaemon();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(m1.logLines())
                        .anyMatch(line -> line.contains("MRL-1024") && line.contains("no address for " + NAME)));
        Files.writeString(m1.conf(), Files.readString(m1.conf()) + resolver());
        assertThat(RealNode.mon(work, "--merlin-cfg=" + m1.conf(), "reload").status())
                .isZero();
        meet();
    }

    @Test
    void aNameThatItsServerDoesNotKnowIsLoggedInWords() throws Exception {
        m1.startDaemon();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(m1.logLines())
                        .anyMatch(line -> line.contains("MRL-1024")
                                && line.contains("the DNS server 127.0.0.1:" + dns.port() + " knows no " + NAME)));
    }
}
