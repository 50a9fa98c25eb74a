package org.merlin.module.nagios;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers what is asked through the scheduler's query handler: {@code #merlin nodeinfo}. The daemon knows; it is asked on a thread
 * of the question's own, so that the scheduler never waits.
 */
final class Questions {
    /** At once; beyond it the scheduler says that it does not understand. */
    private static final int MAX_OPEN = 4;

    private static final int MAX_ANSWER = 4 * 1024 * 1024;
    private static final String HELP = """
            merlin answers:
            nodeinfo   one line of key=value; per node, this one first
            help       this
            """;

    private final Path adminSocket;
    private final AtomicInteger open = new AtomicInteger();

    Questions(Path adminSocket) {
        this.adminSocket = adminSocket;
    }

    /** Takes a question; returns whether it will be answered on this socket, which then is ours. Scheduler's thread. */
    boolean take(String question, int socket) {
        String word = question.strip();
        if (word.isEmpty() || word.equals("help")) {
            reply(socket, HELP);
            return true;
        }
        if (!word.equals("nodeinfo") || open.get() >= MAX_OPEN) {
            return false;
        }
        open.incrementAndGet();
        Thread thread = new Thread(() -> answer(socket), "merlin-question");
        thread.setDaemon(true);
        thread.start();
        return true;
    }

    private void answer(int socket) {
        try {
            reply(socket, ask().replace('\t', '\n'));
        } catch (IOException e) {
            reply(socket, "error=no daemon answers at " + adminSocket + ": " + e.getMessage() + "\n");
        } finally {
            open.decrementAndGet();
        }
    }

    /** One line; the nodes' lines in it end with tabs. */
    private String ask() throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(adminSocket));
            channel.write(ByteBuffer.wrap("nodeinfo\n".getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer some = ByteBuffer.allocate(16 * 1024);
            while (channel.read(some.clear()) >= 0 && answer.size() < MAX_ANSWER) {
                answer.write(some.array(), 0, some.position());
                if (some.position() > 0 && some.get(some.position() - 1) == '\n') {
                    break;
                }
            }
            return answer.toString(StandardCharsets.UTF_8).strip() + "\n";
        }
    }

    private static void reply(int socket, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer direct = Shim.direct(bytes.length);
        direct.put(bytes);
        Shim.reply(socket, direct, bytes.length);
    }
}
