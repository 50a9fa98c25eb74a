package org.merlin.daemon.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void makesAnAuthorityOfTenYearsThatSigns() throws Exception {
        X509Certificate ca = CertificateAuthority.init(folder, false, CLOCK).certificate();
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(((ECPublicKey) ca.getPublicKey()).getParams().toString()).contains("secp256r1");
        assertThat(ca.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(3653)));
        ca.verify(ca.getPublicKey());
    }

    @Test
    void signsForANodeFor397Days() throws Exception {
        CertificateAuthority.init(folder, false, CLOCK);
        CertificateAuthority authority = CertificateAuthority.load(folder, CLOCK);
        X509Certificate leaf = authority.issue("yoda", folder, CertificateAuthority.LEAF_LIFE);
        assertThat(leaf.getSubjectX500Principal().getName()).isEqualTo("CN=yoda");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "yoda"));
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(397)));
        assertThat(leaf.getExtendedKeyUsage()).hasSize(2);
        leaf.verify(authority.certificate().getPublicKey());
        assertThat(PemFiles.readCertificate(folder.resolve("yoda.crt"))).isEqualTo(leaf);
    }

    @Test
    void nobodyElseMayReadKeys() throws IOException {
        CertificateAuthority.init(folder.resolve("tls"), false, CLOCK)
                .issue("yoda", folder.resolve("tls"), Duration.ofDays(1));
        for (String key : List.of("ca.key", "yoda.key")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("tls").resolve(key))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tls"))))
                .isEqualTo("rwx------");
    }

    @Test
    void doesNotReplaceAnAuthorityUnasked() throws IOException {
        CertificateAuthority.init(folder, false, CLOCK);
        assertThatThrownBy(() -> CertificateAuthority.init(folder, false, CLOCK))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.crt is there already: --force replaces it");
        CertificateAuthority.init(folder, true, CLOCK);
    }

    @Test
    void saysWhatToDoWhereThereIsNone() {
        assertThatThrownBy(() -> CertificateAuthority.load(folder, CLOCK))
                .hasMessageContaining("mon ca init makes one");
    }

    @Test
    void refusesNamesThatAreNone() throws IOException {
        CertificateAuthority authority = CertificateAuthority.init(folder, false, CLOCK);
        for (String name : List.of("", "a b", "../x", "a,O=b", "x".repeat(65))) {
            assertThatThrownBy(() -> authority.issue(name, folder, Duration.ofDays(1)))
                    .hasMessageContaining("is no name for a node");
        }
    }
}
