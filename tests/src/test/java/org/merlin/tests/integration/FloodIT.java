package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merlin.daemon.bench.BenchReport;
import org.merlin.daemon.bench.BenchSite;

/**
 * A daemon under load whose port thousands of strangers come to: nodes that are connected and events do not suffer, a node that comes gets
 * in, memory stays bounded, and when they have gone nothing of them is left.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FloodIT {
    private static final long RATE = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** What so many handshakes that stand still may take in all; nothing of it may be more for twice as many strangers. */
    private static final double MOST_GROWTH_MB = 100;

    private SendingPair pair;

    private void start(boolean tls) throws IOException {
        pair = new SendingPair(BenchSite.LOOPBACK, List.of(SendingPair.FROM), tls);
    }

    @AfterEach
    void stop() throws IOException {
        pair.close();
    }

    private static byte[] hello() throws GeneralSecurityException, IOException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private double anonymousMb() throws IOException {
        Path rollup = Path.of("/proc/" + pair.receiving().pid() + "/smaps_rollup");
        return Files.readAllLines(rollup).stream()
                .filter(line -> line.startsWith("Anonymous:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .sum();
    }

    private int files() {
        String[] names = new File("/proc/" + pair.receiving().pid() + "/fd").list();
        return names == null ? 0 : names.length;
    }

    private BenchReport.Latency load(long seconds) throws IOException {
        pair.send(seconds * RATE, RATE);
        pair.allArrived(seconds * RATE);
        pair.sent();
        return pair.latency();
    }

    @ParameterizedTest
    @EnumSource
    void strangersChangeNothing(Strangers.Kind kind) throws Exception {
        start(true);
        flood(kind, 3_000, 4);
    }

    @Test
    void withoutTlsStrangersThatSayNothingAreBoundedToo() throws Exception {
        start(false);
        int before = files();
        try (Strangers strangers =
                new Strangers(Strangers.Kind.SILENT, pair.nodes().port(SendingPair.TO), 2_000, new byte[0])) {
            await().atMost(PATIENCE).until(() -> strangers.came() > 2_500);
            assertThat(files() - before).isLessThan(1_100);
            assertThat(pair.connected()).isTrue();
        }
        await().atMost(PATIENCE).until(() -> files() <= before + 3);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    void figures(Strangers.Kind kind) throws Exception {
        start(true);
        flood(kind, 6_000, 40);
    }

    private void flood(Strangers.Kind kind, int count, long seconds) throws Exception {
        load(3); // code is compiled, memory is touched
        BenchReport.Latency before = load(seconds);
        double memoryBefore = anonymousMb();
        int filesBefore = files();
        double connectedBefore = connectedSeconds();
        try (Strangers strangers = new Strangers(kind, pair.nodes().port(SendingPair.TO), count, hello())) {
            BenchReport.Latency during = load(seconds);
            double memoryDuring = anonymousMb();
            assertThat(connectedSeconds()).as("the link stayed").isGreaterThan(connectedBefore + seconds - 1);
            pair.killSending();
            pair.startSending();
            long begun = System.nanoTime();
            await().atMost(PATIENCE).until(pair::connected);
            System.out.printf(
                    "%s: %d came, %d open files; anonymous memory %.0f MB before, %.0f during; latency before: %s; during: %s; "
                            + "a daemon that is started again is in after %.1f s%n",
                    kind,
                    strangers.came(),
                    files(),
                    memoryBefore,
                    memoryDuring,
                    before,
                    during,
                    (System.nanoTime() - begun) / 1e9);
            assertThat(strangers.came()).isGreaterThan(count - 1L);
            assertThat(memoryDuring - memoryBefore).isLessThan(MOST_GROWTH_MB);
        }
        await().atMost(PATIENCE).until(() -> files() <= filesBefore + 3);
        load(2);
    }

    private double connectedSeconds() {
        return pair.sees(SendingPair.TO, SendingPair.FROM).orElseThrow().connectedSeconds();
    }
}
