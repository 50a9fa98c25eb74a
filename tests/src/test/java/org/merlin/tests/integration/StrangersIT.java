package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.ca.CertificateAuthority;

/** Whoever is no node of the cluster is turned away with one line, and the cluster goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Path folder;
    private CertificateAuthority authority;
    private RealNode luke;
    private RealNode leia;

    @BeforeAll
    void startTwoPeers(@TempDir Path temporary) throws IOException {
        folder = temporary;
        authority = RealNode.authority(folder.resolve("ca"));
        luke = new RealNode("luke", folder);
        leia = new RealNode("leia", folder);
        luke.configure(authority, folder.resolve("ca"), leia.section("peer", ""));
        leia.configure(authority, folder.resolve("ca"), luke.section("peer", ""));
        luke.startDaemon();
        leia.startDaemon();
        await().atMost(PATIENCE).until(this::connected);
    }

    @AfterAll
    void stop() {
        luke.close();
        leia.close();
    }

    private boolean connected() {
        return luke.sees("leia")
                        .filter(node -> node.state().equals("connected"))
                        .isPresent()
                && leia.sees("luke")
                        .filter(node -> node.state().equals("connected"))
                        .isPresent();
    }

    @Test
    void randomBytesAreRefusedWithOneLine() throws IOException {
        byte[] noise = new byte[4096];
        new Random(1).nextBytes(noise);
        refusedWith("it does not speak TLS", () -> plain(noise));
    }

    @Test
    void aCertificateWithoutANodeOfThatNameIsRefusedWithOneLine() throws Exception {
        authority.issue("vader", folder.resolve("vader"), Duration.ofDays(1));
        refusedWith("its certificate says 'vader'", () -> tls(folder.resolve("vader"), "vader", new byte[0]));
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedWithOneLine() throws Exception {
        CertificateAuthority other = RealNode.authority(folder.resolve("other-ca"));
        other.issue("leia", folder.resolve("forged"), Duration.ofDays(1));
        refusedWith("not from our CA", () -> tls(folder.resolve("forged"), "leia", new byte[0]));
    }

    @Test
    void noCertificateIsRefusedWithOneLine() throws IOException {
        refusedWith("it showed no certificate", () -> tls(new KeyManager[0], new byte[0]));
    }

    @Test
    void aLengthOfFourGibibytesIsRefusedWithOneLineAndWithoutMemory() throws Exception {
        authority.issue("leia", folder.resolve("leias"), Duration.ofDays(1));
        ByteBuffer header = ByteBuffer.allocate(64);
        header.putInt(0, 0x4d524c4e)
                .put(4, (byte) 1)
                .putShort(6, (short) 0xffff)
                .putShort(8, (short) 1);
        header.putInt(16, -1);
        long before = residentBytes();
        refusedWith("a body of 4294967295 bytes", () -> tls(folder.resolve("leias"), "leia", header.array()));
        assertThat(residentBytes() - before).as("memory that it took").isLessThan(32 << 20);
    }

    private long residentBytes() throws IOException {
        String pid = Files.readString(luke.folder().resolve("pid"), StandardCharsets.US_ASCII);
        return Files.readAllLines(Path.of("/proc", pid.strip(), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024L * Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    /** What a stranger does. */
    private interface Stranger {
        void call() throws IOException, GeneralSecurityException;
    }

    private void refusedWith(String words, Stranger stranger) throws IOException {
        long before = linesWith(words);
        Optional<Exception> trouble = Optional.empty();
        try {
            stranger.call();
        } catch (IOException | GeneralSecurityException e) {
            trouble = Optional.of(e); // being hung up on is what is expected
        }
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(linesWith(words)).as("stranger: %s", words).isEqualTo(before + 1));
        assertThat(luke.daemonLives()).as("after " + trouble).isTrue();
        await().atMost(PATIENCE).until(this::connected);
    }

    private long linesWith(String words) throws IOException {
        return luke.logLines().stream().filter(line -> line.contains(words)).count();
    }

    private void plain(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), luke.port())) {
            talk(socket, bytes);
        }
    }

    private static void talk(Socket socket, byte[] bytes) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        while (socket.getInputStream().read() >= 0) {
            // until it hangs up
        }
    }

    private void tls(Path certificates, String name, byte[] bytes) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        String pem = Files.readString(certificates.resolve(name + ".key"))
                .replaceAll("-----[A-Z ]+-----", "")
                .replaceAll("\\s", "");
        try (InputStream in = Files.newInputStream(certificates.resolve(name + ".crt"))) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            store.setKeyEntry(
                    "key",
                    KeyFactory.getInstance("EC")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
                    new char[0],
                    new Certificate[] {certificate});
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        tls(keys.getKeyManagers(), bytes);
    }

    private void tls(KeyManager[] keys, byte[] bytes) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys, new TrustManager[] {new Anybody()}, null);
        try (Socket socket = context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), luke.port())) {
            talk(socket, bytes);
        }
    }

    /** A stranger does not mind whom it talks to. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
