package org.merlin.daemon.ca;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.tests.fuzz.Hostile;

/** Certificates and keys in PEM, which the operator brings. */
class PemFilesFuzzTest {
    private static final Path FOLDER = folder();

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("pem");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Stream<byte[]> seeds() throws IOException {
        Path folder = Files.createTempDirectory("ca");
        CertificateAuthority.init(folder, false, Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
        byte[] certificate = Files.readAllBytes(folder.resolve("ca.crt"));
        byte[] key = Files.readAllBytes(folder.resolve("ca.key"));
        for (String file : new String[] {"ca.crt", "ca.key"}) {
            Files.delete(folder.resolve(file));
        }
        Files.delete(folder);
        return Stream.of(
                certificate,
                key,
                Hostile.concat(key, certificate),
                "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n".getBytes(),
                "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n".getBytes());
    }

    @MethodSource("seeds")
    @FuzzTest
    void aFileIsReadOrRefused(byte[] input) throws IOException {
        Path file = FOLDER.resolve("any.pem");
        Files.write(file, input);
        Hostile.decode(input.length, 1024, IOException.class, () -> PemFiles.readCertificate(file))
                .ifPresent(certificate -> Hostile.decode(input.length, 1024, IOException.class, () -> {
                    Path again = FOLDER.resolve("again.pem");
                    PemFiles.writeCertificates(again, certificate);
                    if (!PemFiles.readCertificate(again).equals(certificate)) {
                        throw new AssertionError("written again it is another certificate");
                    }
                    return again;
                }));
        Hostile.decode(input.length, 1024, IOException.class, () -> PemFiles.readKey(file));
        Files.delete(file);
    }
}
