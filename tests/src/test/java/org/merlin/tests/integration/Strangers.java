package org.merlin.tests.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Connections of one kind to one port, as many as are asked for at any time, from one thread: who is hung up on comes again. Ended by
 * {@link #close}.
 */
final class Strangers implements AutoCloseable {
    /** What they do. */
    enum Kind {
        /** Come, say something without sense, go, and come again as fast as that can be done. */
        NOISE,
        /** Come, say nothing and stay. */
        SILENT,
        /** Begin to speak TLS, a byte a second. */
        SLOW_WRITER,
        /** Begin to speak TLS, say half of the first record, and stay. */
        HALF,
        /** Say a whole first record of TLS and never read the answer. */
        SLOW_READER,
    }

    private static final int AT_A_TIME = 50;
    private static final long TURN_NANOS = 5_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Kind kind;
    private final int port;
    private final int count;
    private final byte[] hello;
    private final Random random = new Random(1);
    private final List<Stranger> open = new ArrayList<>();
    private final AtomicLong came = new AtomicLong();
    private final Thread thread = new Thread(this::run, "strangers");
    private volatile boolean ended;

    private static final class Stranger {
        private final SocketChannel channel;
        private int said;
        private long nextNanos;

        Stranger(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * Sends them.
     *
     * @param hello a client's first record of TLS
     */
    Strangers(Kind kind, int port, int count, byte[] hello) {
        this.kind = kind;
        this.port = port;
        this.count = count;
        this.hello = hello.clone();
        thread.start();
    }

    /** How many came until now. */
    long came() {
        return came.get();
    }

    private void run() {
        try {
            while (!ended) {
                for (int i = 0; i < AT_A_TIME && open.size() < count; i++) {
                    come();
                }
                long now = System.nanoTime();
                open.removeIf(stranger -> !goesOn(stranger, now));
                LockSupport.parkNanos(TURN_NANOS);
            }
            for (Stranger stranger : open) {
                stranger.channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void come() throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (kind == Kind.SLOW_READER) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 1024);
        }
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.configureBlocking(false);
        open.add(new Stranger(channel));
        came.incrementAndGet();
    }

    /** Whether it stays after it did what it does. */
    private boolean goesOn(Stranger stranger, long now) {
        try {
            switch (kind) {
                case NOISE -> {
                    byte[] noise = new byte[random.nextInt(4_000)];
                    random.nextBytes(noise);
                    stranger.channel.write(ByteBuffer.wrap(noise));
                    stranger.channel.close();
                    return false;
                }
                case SLOW_WRITER -> {
                    if (now - stranger.nextNanos >= 0 || stranger.said == 0) {
                        stranger.channel.write(ByteBuffer.wrap(hello, stranger.said % hello.length, 1));
                        stranger.said++;
                        stranger.nextNanos = now + SECOND_NANOS;
                    }
                }
                case HALF -> say(stranger, hello.length / 2);
                case SLOW_READER -> {
                    say(stranger, hello.length);
                    return now - stranger.nextNanos < 15 * SECOND_NANOS || closed(stranger);
                }
                default -> {} // it is silent
            }
            return stranger.channel.read(ByteBuffer.allocate(4_096)) >= 0 || closed(stranger);
        } catch (IOException e) {
            return closed(stranger); // it was hung up on
        }
    }

    private void say(Stranger stranger, int bytes) throws IOException {
        if (stranger.said == 0) {
            stranger.said = stranger.channel.write(ByteBuffer.wrap(hello, 0, bytes));
            stranger.nextNanos = System.nanoTime();
        }
    }

    private static boolean closed(Stranger stranger) {
        try {
            stranger.channel.close();
        } catch (IOException e) {
            // closed is closed
        }
        return false;
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
