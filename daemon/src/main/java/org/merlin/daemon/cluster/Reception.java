package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Words;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketType;

/** Takes links that others dialled, and leads each to the node that it is of. Confined to the cluster loop. */
final class Reception implements Transport.Acceptor {
    private final NodeId self;
    private final Path file;
    private final Neighbours neighbours;
    private final Journal journal;
    private final Lobby lobby = new Lobby();

    Reception(NodeId self, Path file, Neighbours neighbours, Journal journal) {
        this.self = self;
        this.file = file;
        this.neighbours = neighbours;
        this.journal = journal;
    }

    void onTick(long nowNanos) {
        lobby.onTick(nowNanos);
    }

    @Override
    public Optional<LinkListener> onAccepted(Link link, Optional<String> provenName, long nowNanos) {
        if (provenName.isEmpty()) {
            Session stranger = new Session(link, link.remote(), new Stranger(), nowNanos);
            lobby.enter(stranger, nowNanos);
            return Optional.of(stranger);
        }
        Optional<Node> node = neighbours.find(provenName.get());
        if (node.isEmpty()) {
            String name = new Words(provenName.get()).printable();
            journal.warnLimited(
                    LogEvent.NAME_WRONG,
                    link.remote(),
                    "its certificate says '" + name + "'; if it belongs here, 'mon node add " + name
                            + " ...' adds a section for it to " + file);
        }
        return node.map(known -> known.greet(link, nowNanos));
    }

    /** Without TLS: whoever it is says so in its first pulse. */
    private final class Stranger implements Session.Owner {
        private Optional<Node> known = Optional.empty();

        @Override
        public void onControl(Session session, int code, ByteBuffer body, long nowNanos)
                throws MalformedPacketException {
            if (known.isEmpty() && code == PacketType.PULSE) {
                String name = Pulse.decode(body).name();
                known = neighbours.find(name);
                if (known.isEmpty()) {
                    String why =
                            "its pulse says '" + new Words(name).printable() + "', which " + file + " does not name";
                    journal.warnLimited(LogEvent.NAME_WRONG, session.link().remote(), why);
                    session.refuse("you are no node of " + self + "'s configuration", nowNanos);
                    return;
                }
                lobby.leave(session);
                known.get().takeUp(session, nowNanos);
            }
            if (known.isPresent()) {
                known.get().onControl(session, code, body, nowNanos);
            }
        }

        @Override
        public void onChunk(Session session, Chunk chunk, long nowNanos) {
            known.ifPresent(node -> node.onChunk(session, chunk, nowNanos));
        }

        @Override
        public void onWritable(Session session) {
            known.ifPresent(node -> node.onWritable(session));
        }

        @Override
        public void onEnded(Session session, String why, long nowNanos) {
            lobby.leave(session);
            known.ifPresentOrElse(node -> node.onEnded(session, why, nowNanos), () -> {
                if (!why.equals(LinkListener.CLOSED_BY_THE_OTHER)) {
                    journal.warnLimited(LogEvent.LINK_REFUSED, session.link().remote(), why);
                }
            });
        }
    }
}
