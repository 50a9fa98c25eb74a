package org.merlin.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What a command tells of a certificate.
 *
 * @param fingerprint SHA-256 in hex
 */
record CertificateText(
        String file, String subject, String issuer, String notBefore, String notAfter, String fingerprint) {
    static CertificateText of(Path file, X509Certificate certificate) throws IOException {
        try {
            return new CertificateText(
                    file.toString(),
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getIssuerX500Principal().getName(),
                    certificate.getNotBefore().toInstant().toString(),
                    certificate.getNotAfter().toInstant().toString(),
                    DigestUtils.sha256Hex(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IOException("cannot encode " + file, e);
        }
    }

    @Override
    public String toString() {
        return file + "\n  " + subject + ", signed by " + issuer + "\n  valid from " + notBefore + " to " + notAfter
                + "\n  SHA-256 " + fingerprint;
    }
}
