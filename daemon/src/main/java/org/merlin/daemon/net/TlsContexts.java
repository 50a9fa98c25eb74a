package org.merlin.daemon.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.merlin.protocol.conf.MerlinConf;

/**
 * TLS 1.3 with certificates on both sides, of one CA. Which node it is is told by the common name, not by the host name.
 * Files that changed are read again, at most once a second, for the handshakes that follow. Confined to the cluster loop.
 */
public final class TlsContexts {
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final MerlinConf.Tls files;
    private final String nodeName;
    private SslContext client;
    private SslContext server;
    private long stamp;
    private long lookedNanos;

    private TlsContexts(MerlinConf.Tls files, String nodeName) {
        this.files = files;
        this.nodeName = nodeName;
    }

    /**
     * Reads and checks certificate, key and CA.
     *
     * @throws IOException if one of them is missing or unfit, naming it and what to do
     */
    public static TlsContexts load(MerlinConf.Tls files, String nodeName) throws IOException {
        TlsContexts contexts = new TlsContexts(files, nodeName);
        contexts.read();
        return contexts;
    }

    private void read() throws IOException {
        stamp = newest();
        List<X509Certificate> chain = certificates(files.certificate(), "mon cert issue " + nodeName);
        List<X509Certificate> trusted = certificates(files.ca(), "mon ca init, or copy it from another node");
        PrivateKey key = key(files.key());
        check(chain.get(0), key);
        X509Certificate[] certificates = chain.toArray(X509Certificate[]::new);
        X509Certificate[] authorities = trusted.toArray(X509Certificate[]::new);
        SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
        server = SslContextBuilder.forServer(key, certificates)
                .sslProvider(provider)
                .trustManager(authorities)
                .clientAuth(ClientAuth.REQUIRE)
                .protocols("TLSv1.3")
                .build();
        client = SslContextBuilder.forClient()
                .keyManager(key, certificates)
                .sslProvider(provider)
                .trustManager(authorities)
                .endpointIdentificationAlgorithm("") // the common name is checked instead
                .protocols("TLSv1.3")
                .build();
    }

    private long newest() throws IOException {
        long sum = 0;
        for (Path file : List.of(files.certificate(), files.key(), files.ca())) {
            if (!Files.isReadable(file)) {
                throw new IOException(file + " is missing or cannot be read: mon ca init and mon cert issue " + nodeName
                        + " make it; tls = off on all nodes does without");
            }
            sum = 31 * sum + Files.getLastModifiedTime(file).toMillis();
        }
        return sum;
    }

    private void refresh() throws IOException {
        if (System.nanoTime() - lookedNanos >= LOOK_NANOS) {
            lookedNanos = System.nanoTime();
            if (newest() != stamp) {
                read();
            }
        }
    }

    private static List<X509Certificate> certificates(Path file, String remedy) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                certificates.add((X509Certificate) certificate);
            }
        } catch (CertificateException e) {
            throw new IOException(file + " holds no PEM certificate (" + e.getMessage() + "): " + remedy, e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no PEM certificate: " + remedy);
        }
        return certificates;
    }

    private static PrivateKey key(Path file) throws IOException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        String body = pem.replaceAll("(?s)-----[A-Z ]+-----", "").replaceAll("\\s", "");
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                continue; // the next algorithm
            }
        }
        throw new IOException(file + " holds no private key in PKCS#8 PEM (BEGIN PRIVATE KEY): openssl pkcs8 -topk8 "
                + "-nocrypt converts other forms");
    }

    private void check(X509Certificate certificate, PrivateKey key) throws IOException {
        if (certificate.getNotAfter().before(Date.from(Instant.now()))) {
            throw new IOException(files.certificate() + " expired on "
                    + certificate.getNotAfter().toInstant() + ": mon cert issue " + nodeName
                    + " --force makes a new one");
        }
        String name = commonName(certificate).orElse("");
        if (!name.equals(nodeName)) {
            throw new IOException(files.certificate() + " is for '" + name + "', but node_name is '" + nodeName
                    + "': they must be equal");
        }
        if (!belongTogether(certificate, key)) {
            throw new IOException(files.key() + " is not the key of " + files.certificate());
        }
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) throws IOException {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "EdDSA";
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            return signature.verify(signed);
        } catch (InvalidKeyException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot try key and certificate: " + e.getMessage(), e);
        }
    }

    /** Handler for a connection that somebody opened to us. */
    SslHandler server(ByteBufAllocator allocator) throws IOException {
        refresh();
        return server.newHandler(allocator);
    }

    /** Handler for a connection that we open to a node; its name goes out as SNI. */
    public SslHandler client(ByteBufAllocator allocator, String node) throws IOException {
        refresh();
        SslHandler handler = client.newHandler(allocator, node, -1);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    /** Common name of the certificate that the other side has proved to own, after the handshake. */
    Optional<String> provenName(SslHandler handler) {
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            return commonName((X509Certificate) chain[0]);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
