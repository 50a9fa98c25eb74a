package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.sink.SinkView;
import org.merlin.daemon.status.BacklogView;
import org.merlin.daemon.status.ClusterView;
import org.merlin.daemon.status.ReloadView;

/** Asks a daemon on its admin socket: one line each way. */
public final class AdminClient {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ObjectMapper json = mapper();
    private final Path socket;

    public AdminClient(Path socket) {
        this.socket = socket;
    }

    /** JSON as the admin socket speaks it. */
    static ObjectMapper mapper() {
        return new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
    }

    /** No daemon answers; {@code mon} ends with status 69. */
    public static final class NoDaemonException extends IOException {
        private static final long serialVersionUID = 1L;

        /** It answers, and cannot say. */
        NoDaemonException(String why) {
            super(why);
        }

        NoDaemonException(Path socket, IOException cause) {
            super(
                    "no daemon answers at " + socket + " (" + cause.getMessage()
                            + "): is merlind running, with this merlin.conf?",
                    cause);
        }
    }

    /** The cluster as the daemon sees it. */
    public ClusterView cluster() throws IOException {
        return json.readValue(ask("nodes"), ClusterView.class);
    }

    /** What waits for whom. */
    BacklogView backlog() throws IOException {
        return json.readValue(ask("backlog"), BacklogView.class);
    }

    /** How the database's writer does; empty if there is none. */
    public List<SinkView> sinks() throws IOException {
        JsonNode answer = json.readTree(ask("sink"));
        return List.of(json.treeToValue(answer.path("sinks"), SinkView[].class));
    }

    /** Has this node's writer let another node write. */
    void moveSink() throws IOException {
        ask("sink-move");
    }

    /** Drops what waits for a node and is older than so many seconds; 0 for all of it. */
    BacklogView.Dropped dropBacklog(String node, long olderThanSeconds) throws IOException {
        return json.readValue(ask("backlog-drop " + word(node) + " " + olderThanSeconds), BacklogView.Dropped.class);
    }

    /** A part of what waits for a node, or with {@code -} of all that the log holds, from a position on. */
    BacklogView.Page backlogPage(String node, long from) throws IOException {
        return json.readValue(ask("backlog-page " + word(node) + " " + from), BacklogView.Page.class);
    }

    /**
     * Has the daemon read merlin.conf anew; empty if there is none.
     *
     * @throws IOException if there is one, and it does not answer, or cannot read it
     */
    Optional<ReloadView> reload() throws IOException {
        try {
            JsonNode answer = json.readTree(ask("reload"));
            if (answer.has("error")) {
                throw new IOException("the daemon cannot read merlin.conf while it runs, restart it: "
                        + answer.get("error").asText());
            }
            return Optional.of(json.treeToValue(answer, ReloadView.class));
        } catch (NoDaemonException e) {
            if (!Files.exists(socket) || e.getCause() instanceof ConnectException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** No node's name has a blank in it; what has one must not look like two words. */
    static String word(String name) {
        return name.replaceAll("\\s", "_");
    }

    /**
     * Asks one question.
     *
     * @return the line of JSON that it answers
     * @throws NoDaemonException if nobody answers within 5 s
     */
    public String ask(String question) throws IOException {
        return ask(question, PATIENCE.toSeconds());
    }

    /** Asks something whose answer may take so many seconds. */
    String ask(String question, long patienceSeconds) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
            return readLine(channel, patienceSeconds);
        } catch (IOException e) {
            throw new NoDaemonException(socket, e);
        }
    }

    private static String readLine(SocketChannel channel, long patienceSeconds) throws IOException {
        channel.configureBlocking(false);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        long deadline = System.nanoTime() + patienceSeconds * 1_000_000_000L;
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (true) {
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    throw new IOException("no answer within " + patienceSeconds + " s");
                }
                selector.select(leftMillis);
                selector.selectedKeys().clear();
                int count = channel.read(buffer.clear());
                if (count < 0) {
                    throw new IOException("it hung up");
                }
                for (int i = 0; i < count; i++) {
                    if (buffer.get(i) == '\n') {
                        return line.toString(StandardCharsets.UTF_8);
                    }
                    line.write(buffer.get(i));
                }
            }
        }
    }
}
