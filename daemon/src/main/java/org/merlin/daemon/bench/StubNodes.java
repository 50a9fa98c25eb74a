package org.merlin.daemon.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.merlin.daemon.net.TlsContexts;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;

/**
 * A program: {@code StubNodes FOLDER HUB PORT NAME...}, nodes that dial a daemon and count what it sends, all in one process
 * and on one thread. Answers a line to each command: {@code await EVENTS SECONDS}, {@code clear}, {@code report FILE}.
 */
public final class StubNodes {
    private static final long ACKNOWLEDGE_MILLIS = 5;
    private static final long PULSE_MILLIS = 1000;
    private static final int FIRST_NAME = 3;
    private static final int DIGITS = 3;
    private static final long NANOS_PER_MICRO = 1000;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<StubLink> links = new ArrayList<>();
    private final Histogram micros = new Histogram(DIGITS);
    private long received;
    private long duplicated;
    private long outOfOrder;
    private long firstNanos;
    private long lastNanos;

    private final PrintStream answers;

    private StubNodes(PrintStream answers) {
        this.answers = answers;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err); // log lines are no answers
        StubNodes stubs = new StubNodes(answers);
        List<String> names = List.of(arguments).subList(FIRST_NAME, arguments.length);
        for (String name : names) {
            stubs.dial(Path.of(arguments[0]), name, arguments[1], Integer.parseInt(arguments[2]));
        }
        stubs.loop.scheduleAtFixedRate(
                () -> stubs.links.forEach(StubLink::acknowledge),
                ACKNOWLEDGE_MILLIS,
                ACKNOWLEDGE_MILLIS,
                TimeUnit.MILLISECONDS);
        stubs.loop.scheduleAtFixedRate(
                () -> stubs.links.forEach(StubLink::pulse), PULSE_MILLIS, PULSE_MILLIS, TimeUnit.MILLISECONDS);
        stubs.answer();
        System.exit(0);
    }

    private void dial(Path folder, String name, String hub, int port)
            throws ConfException, IOException, InterruptedException {
        MerlinConf conf = MerlinConf.load(folder.resolve(name).resolve("merlin.conf"));
        Optional<TlsContexts> tls =
                conf.tls().enabled() ? Optional.of(TlsContexts.load(conf.tls(), name)) : Optional.empty();
        StubLink link = new StubLink(name, hub, this::onEvent);
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) throws IOException {
                        if (tls.isPresent()) {
                            opened.pipeline().addLast(tls.get().client(opened.alloc(), hub));
                        }
                        opened.pipeline().addLast(link);
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        SslHandler handshake = channel.pipeline().get(SslHandler.class);
        if (handshake != null) {
            handshake.handshakeFuture().sync();
        }
        loop.submit(() -> {
                    link.greet();
                    links.add(link);
                })
                .sync();
    }

    private void onEvent(long sequence, long before, long timeMicros) {
        if (sequence == before) {
            duplicated++;
            return;
        }
        if (sequence < before) {
            outOfOrder++;
        }
        lastNanos = System.nanoTime();
        firstNanos = received == 0 ? lastNanos : firstNanos;
        received++;
        if (received % links.size() == 0) {
            micros.recordValue(Math.max(0, System.currentTimeMillis() * NANOS_PER_MICRO - timeMicros));
        }
    }

    // --- commands ---------------------------------------------------------------------------------------------------

    private void answer() throws IOException, InterruptedException, ExecutionException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            answers.println(
                    switch (words[0]) {
                        case "await" ->
                            await(Long.parseLong(words[1]), TimeUnit.SECONDS.toNanos(Long.parseLong(words[2])));
                        case "clear" -> loop.submit(this::clear).get();
                        case "report" ->
                            loop.submit(() -> report(Path.of(words[1]))).get();
                        default -> "unknown command " + words[0];
                    });
        }
    }

    private long await(long events, long patienceNanos) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        while (true) {
            long[] now = loop.submit(() -> new long[] {received, received == 0 ? began : lastNanos})
                    .get();
            if (now[0] >= events || System.nanoTime() - now[1] > patienceNanos) {
                return now[0];
            }
            TimeUnit.MILLISECONDS.sleep(ACKNOWLEDGE_MILLIS);
        }
    }

    private String clear() {
        received = 0;
        duplicated = 0;
        outOfOrder = 0;
        micros.reset();
        return "ok";
    }

    private String report(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            for (int thousandth = 1; thousandth <= 1000; thousandth++) {
                out.writeLong(NANOS_PER_MICRO * micros.getValueAtPercentile(thousandth / 10.0));
            }
        }
        return "{\"received\": " + received + ", \"duplicated\": " + duplicated + ", \"out_of_order\": " + outOfOrder
                + ", \"first_nanos\": " + firstNanos + ", \"last_nanos\": " + lastNanos + "}";
    }
}
