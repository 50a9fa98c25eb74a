package org.merlin.daemon.net;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;

/** Says in words why a handshake failed. Stateless. */
final class TlsTrouble {
    private TlsTrouble() {}

    static String explain(Throwable cause) {
        String all = texts(cause);
        if (contains(cause, NotSslRecordException.class)) {
            return "it does not speak TLS; if it is a node, tls = off stands in its merlin.conf alone";
        }
        if (contains(cause, ClosedChannelException.class)) {
            return "closed in the middle of the TLS handshake; the other side's log says why";
        }
        if (contains(cause, SslHandshakeTimeoutException.class)) {
            return "no handshake within 10 s";
        }
        if (all.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE") || all.contains("Empty client certificate chain")) {
            return "it showed no certificate";
        }
        if (all.contains("expired") || all.contains("NotAfter") || all.contains("CERTIFICATE_EXPIRED")) {
            return "the certificate has expired";
        }
        if (contains(cause, CertificateException.class)
                || all.contains("PKIX")
                || all.contains("UNKNOWN_CA")
                || all.contains("unknown_ca")
                || all.contains("CERTIFICATE_VERIFY_FAILED")
                || all.contains("CERTIFICATE_UNKNOWN")) {
            return "the certificate is not from our CA";
        }
        return "handshake failed: " + firstLine(cause);
    }

    private static boolean contains(Throwable cause, Class<?> type) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }

    private static String texts(Throwable cause) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = cause; each != null; each = each.getCause()) {
            all.append(each).append('\n');
        }
        return all.toString();
    }

    private static String firstLine(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return message.length() <= 200 ? message : message.substring(0, 200);
    }
}
