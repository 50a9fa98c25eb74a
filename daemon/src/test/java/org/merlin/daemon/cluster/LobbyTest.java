package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.wire.Chunk;

class LobbyTest {
    private final Lobby lobby = new Lobby();
    private final List<String> ends = new ArrayList<>();

    private Session come(String remote, long nowNanos) {
        Session session = new Session(
                new StubLink(remote),
                remote,
                new Session.Owner() {
                    @Override
                    public void onControl(Session from, int code, ByteBuffer body, long now) {}

                    @Override
                    public void onChunk(Session from, Chunk chunk, long now) {}

                    @Override
                    public void onWritable(Session from) {}

                    @Override
                    public void onEnded(Session from, String why, long now) {
                        lobby.leave(from);
                        ends.add(remote + ": " + why);
                    }
                },
                nowNanos);
        lobby.enter(session, nowNanos);
        return session;
    }

    @Test
    void whoSaysNothingForTenSecondsIsRefused() {
        come("silent", 0);
        Session known = come("known", 1);
        come("later", 5);
        lobby.leave(known);
        lobby.onTick(Lobby.PATIENCE_NANOS - 1);
        assertThat(ends).isEmpty();
        lobby.onTick(Lobby.PATIENCE_NANOS + 4);
        assertThat(ends).containsExactly("silent: refused: no pulse within 10 s");
        lobby.onTick(Lobby.PATIENCE_NANOS + 5);
        assertThat(ends).hasSize(2);
    }

    @Test
    void whenThereAreTooManyTheOldestGoes() {
        for (int i = 0; i < Lobby.MOST + 2; i++) {
            come("number " + i, i);
        }
        assertThat(ends).hasSize(2);
        assertThat(ends.get(0)).startsWith("number 0: refused: it sent no pulse while");
        assertThat(ends.get(1)).startsWith("number 1: ");
    }
}
