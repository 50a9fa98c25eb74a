package org.merlin.daemon.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The cluster's own certificate authority: EC P-256 throughout, the authority for 10 years, nodes' certificates for 397 days.
 * A node's certificate bears its name as common name. Any thread.
 */
public final class CertificateAuthority {
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(3653);
    public static final Duration LEAF_LIFE = Duration.ofDays(397);

    private static final String CERTIFICATE = "ca.crt";
    private static final String KEY = "ca.key";
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
    private static final int MAX_NAME = 64; // bound of a common name in X.509
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final Clock clock;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, Clock clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /**
     * Makes a new authority and writes {@code ca.crt} and {@code ca.key}.
     *
     * @param folder is made where it is missing
     * @param force whether an authority that is there already is replaced: every node's certificate is void then
     * @throws IOException if there is one already, or the files cannot be written
     */
    public static CertificateAuthority init(Path folder, boolean force, Clock clock) throws IOException {
        for (String file : new String[] {CERTIFICATE, KEY}) {
            if (!force && Files.exists(folder.resolve(file))) {
                throw new IOException(folder.resolve(file) + " is there already: --force replaces it and makes all "
                        + "certificates that it has signed void");
            }
        }
        KeyPair pair = newKeyPair();
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "Merlin")
                .addRDN(BCStyle.CN, "Merlin cluster CA")
                .build();
        Instant now = clock.instant();
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    serial(),
                    Date.from(now.minus(CLOCKS_DIFFER)),
                    Date.from(now.plus(AUTHORITY_LIFE)),
                    name,
                    pair.getPublic());
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate certificate = sign(builder, pair.getPrivate());
            PemFiles.createFolder(folder);
            PemFiles.writeKey(folder.resolve(KEY), pair.getPrivate());
            PemFiles.writeCertificates(folder.resolve(CERTIFICATE), certificate);
            return new CertificateAuthority(certificate, pair.getPrivate(), clock);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make a CA: " + e.getMessage(), e);
        }
    }

    /**
     * Reads an authority.
     *
     * @throws IOException if it is not there or cannot be read, saying what to do
     */
    public static CertificateAuthority load(Path folder, Clock clock) throws IOException {
        if (!Files.isReadable(folder.resolve(KEY)) || !Files.isReadable(folder.resolve(CERTIFICATE))) {
            throw new IOException(
                    "there is no CA in " + folder + ": mon ca init makes one, on one node of the cluster");
        }
        return new CertificateAuthority(
                PemFiles.readCertificate(folder.resolve(CERTIFICATE)), PemFiles.readKey(folder.resolve(KEY)), clock);
    }

    /**
     * Signs a new certificate for a node and writes {@code NODE.crt} and {@code NODE.key}; files that are there are replaced.
     *
     * @param node its name: letters, digits, dots, dashes and underscores, at most 64
     * @param folder where to; is made where it is missing
     * @param life how long it is valid
     */
    public X509Certificate issue(String node, Path folder, Duration life) throws IOException {
        requireName(node);
        KeyPair pair = newKeyPair();
        Instant now = clock.instant();
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    certificate,
                    serial(),
                    Date.from(now.minus(CLOCKS_DIFFER)),
                    Date.from(now.plus(life)),
                    new X500NameBuilder(BCStyle.INSTANCE)
                            .addRDN(BCStyle.CN, node)
                            .build(),
                    pair.getPublic());
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, node)));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(certificate));
            X509Certificate leaf = sign(builder, key);
            PemFiles.createFolder(folder);
            PemFiles.writeKey(folder.resolve(node + ".key"), pair.getPrivate());
            PemFiles.writeCertificates(folder.resolve(node + ".crt"), leaf);
            return leaf;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make a certificate for " + node + ": " + e.getMessage(), e);
        }
    }

    private static void requireName(String node) throws IOException {
        if (!NAME.matcher(node).matches() || node.length() > MAX_NAME) {
            throw new IOException(
                    "'" + node + "' is no name for a node: letters, digits, dots, dashes and underscores, " + "at most "
                            + MAX_NAME);
        }
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    private static KeyPair newKeyPair() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make an EC P-256 key: " + e.getMessage(), e);
        }
    }

    private static BigInteger serial() {
        return new BigInteger(127, RANDOM).setBit(126); // positive, never zero, of fixed length
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey by)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    }
}
