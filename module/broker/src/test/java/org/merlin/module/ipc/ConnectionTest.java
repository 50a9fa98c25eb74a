package org.merlin.module.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
final class ConnectionTest {
    @TempDir
    Path dir;

    private ServerSocketChannel server;
    private SocketChannel other;

    static Stream<Named<Dialer>> dialers() {
        return Stream.of(Named.of("jnr", JnrConnection::open), Named.of("jdk", JdkConnection::open));
    }

    private Connection dial(Dialer dialer) throws IOException {
        Path path = dir.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        Connection connection = dialer.dial(path);
        other = server.accept();
        return connection;
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
            other.close();
        }
    }

    @ParameterizedTest
    @MethodSource("dialers")
    void carriesBytesBothWays(Dialer dialer) throws IOException {
        Connection connection = dial(dialer);
        assertThat(connection.write(ByteBuffer.allocateDirect(100))).isEqualTo(100);
        assertThat(other.read(ByteBuffer.allocate(200))).isEqualTo(100);
        other.write(ByteBuffer.allocate(50));
        assertThat(connection.read(ByteBuffer.allocateDirect(200))).isEqualTo(50);
        connection.shutdown();
        connection.close();
        connection.close();
    }

    @ParameterizedTest
    @MethodSource("dialers")
    void waitsForBytesNoLongerThanItsBound(Dialer dialer) throws IOException {
        Connection connection = dial(dialer);
        long begun = System.nanoTime();
        assertThat(connection.read(ByteBuffer.allocateDirect(200))).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - begun).toMillis())
                .isBetween(Connection.READ_MILLIS - 100L, Connection.READ_MILLIS + 1000L);
        connection.close();
    }

    @ParameterizedTest
    @MethodSource("dialers")
    void waitsForRoomNoLongerThanItsBound(Dialer dialer) throws IOException {
        Connection connection = dial(dialer);
        ByteBuffer much = ByteBuffer.allocateDirect(8 << 20);
        long begun = System.nanoTime();
        int written = 1;
        while (written > 0) {
            written = connection.write(much);
        }
        assertThat(much.hasRemaining()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
        connection.close();
    }

    @ParameterizedTest
    @MethodSource("dialers")
    void sayThatTheOtherSideIsGone(Dialer dialer) throws IOException {
        Connection connection = dial(dialer);
        other.close();
        assertThat(connection.read(ByteBuffer.allocateDirect(10))).isEqualTo(-1);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        connection.write(ByteBuffer.allocateDirect(10));
                    }
                })
                .isInstanceOf(IOException.class);
        connection.close();
    }

    @ParameterizedTest
    @MethodSource("dialers")
    void aReadEndsWhenTheConnectionIsShutDown(Dialer dialer) throws Exception {
        Connection connection = dial(dialer);
        Thread reader = new Thread(() -> {
            try {
                while (connection.read(ByteBuffer.allocateDirect(10)) >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                return;
            }
        });
        reader.start();
        connection.shutdown();
        reader.join(5000);
        assertThat(reader.isAlive()).isFalse();
        connection.close();
    }

    @ParameterizedTest
    @MethodSource("dialers")
    void saysWhyNobodyAnswers(Dialer dialer) {
        assertThatThrownBy(() -> dialer.dial(dir.resolve("nobody"))).isInstanceOf(IOException.class);
    }
}
