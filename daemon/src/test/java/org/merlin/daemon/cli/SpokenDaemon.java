package org.merlin.daemon.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers questions on an admin socket with what it was told to say: for tests of what commands make of answers. */
final class SpokenDaemon implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Map<String, String> answers = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    SpokenDaemon(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(this::serve, "spoken-daemon");
        thread.setDaemon(true);
        thread.start();
    }

    /** Answers questions that begin so; what was said last goes first. */
    SpokenDaemon says(String beginning, String json) {
        answers.remove(beginning);
        answers.put(beginning, json.replace("\n", " "));
        return this;
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    private void serve() {
        while (true) {
            try (SocketChannel client = server.accept()) {
                String question = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8)).readLine();
                asked.add(question);
                client.write(ByteBuffer.wrap((answer(question) + "\n").getBytes(StandardCharsets.UTF_8)));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private String answer(String question) {
        String found = "{\"error\":\"unknown question\"}";
        synchronized (answers) {
            for (Map.Entry<String, String> answer : answers.entrySet()) {
                if (question.startsWith(answer.getKey())) {
                    found = answer.getValue();
                }
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
