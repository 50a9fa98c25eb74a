package org.merlin.module;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.merlin.protocol.wire.StreamId;

/** The daemon's side of the Unix socket, on a real one: keeps what it is given and acknowledges when told to. */
final class FakeDaemon implements AutoCloseable {
    final Map<StreamId, Long> marks = new ConcurrentHashMap<>();
    final List<Long> sequences = new CopyOnWriteArrayList<>();
    final List<Integer> types = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<Chunk> lost = new CopyOnWriteArrayList<>();
    final List<Marks> heardMarks = new CopyOnWriteArrayList<>();
    final List<Pulse> pulses = new CopyOnWriteArrayList<>();
    final List<Integer> controls = new CopyOnWriteArrayList<>();
    final Map<Integer, ByteBuffer> lastBody = new ConcurrentHashMap<>();
    volatile boolean acknowledging = true;
    volatile boolean reading = true;
    volatile Optional<Rings> rings = Optional.empty();

    private final Path path;
    private final ServerSocketChannel server;
    private final PacketWriter writer = new PacketWriter();
    private final Thread thread;
    private volatile SocketChannel channel;
    private volatile boolean closed;

    FakeDaemon(Path path) throws IOException {
        this.path = path;
        Files.deleteIfExists(path);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        thread = new Thread(this::run, "daemon");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (SocketChannel accepted = server.accept()) {
                channel = accepted;
                serve(accepted);
            } catch (IOException e) {
                continue; // the next one, please
            } catch (MalformedPacketException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void serve(SocketChannel accepted) throws IOException, MalformedPacketException {
        ByteBuffer in = ByteBuffer.allocate(MessageReader.MAX_MESSAGE_BYTES);
        MessageReader messages = new MessageReader();
        while (accepted.read(in) >= 0) {
            in.flip();
            for (Optional<Message> next = messages.next(in); next.isPresent(); next = messages.next(in)) {
                take(next.get());
            }
            in.compact();
            while (!reading && !closed) {
                Thread.onSpinWait();
            }
        }
    }

    private void take(Message message) {
        message.accept(new Message.Visitor<Void>() {
            @Override
            public Void control(Message.Control control) {
                try {
                    onControl(control);
                } catch (MalformedPacketException e) {
                    throw new IllegalStateException(e);
                }
                return null;
            }

            @Override
            public Void chunk(Chunk chunk) {
                onChunk(chunk);
                return null;
            }
        });
    }

    private void onControl(Message.Control control) throws MalformedPacketException {
        controls.add(control.code());
        lastBody.put(control.code(), control.body());
        if (control.code() == PacketType.PULSE) {
            pulses.add(Pulse.decode(control.body()));
            if (pulses.size() % 2 == 1) {
                send(
                        PacketType.PULSE,
                        new Pulse("daemon", 1, 1, 1, 0, 0, 100, true, List.of(), List.of(), Map.of()).encode());
            }
        } else if (control.code() == PacketType.MARKS) {
            heardMarks.add(Marks.decode(control.body()));
        } else if (control.code() == PacketType.CTRL_ACTIVE) {
            List<Mark> all = new ArrayList<>();
            marks.forEach((stream, sequence) -> all.add(new Mark(stream, sequence)));
            send(PacketType.MARKS, new Marks(Marks.Kind.ALL, all).encode());
            rings.ifPresent(told -> send(PacketType.RINGS, told.encode()));
        }
    }

    private void onChunk(Chunk chunk) {
        long mark = marks.getOrDefault(chunk.stream(), 0L);
        if (chunk.after() > mark) {
            send(PacketType.MARKS, new Marks(Marks.Kind.GO_BACK, List.of(new Mark(chunk.stream(), mark))).encode());
            return;
        }
        if (chunk.lost()) {
            lost.add(chunk);
        }
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = chunk.packets();
        while (Chunk.nextTrusted(cursor, in)) {
            if (cursor.sequence() > mark) {
                sequences.add(cursor.sequence());
                types.add(cursor.type());
                events.add(decoded(cursor));
            }
        }
        marks.merge(chunk.stream(), chunk.upTo(), Math::max);
        if (acknowledging) {
            acknowledge();
        }
    }

    private static Event decoded(PacketCursor cursor) {
        try {
            return new EventCodec().decode(cursor.type(), cursor.body());
        } catch (MalformedPacketException e) {
            throw new IllegalStateException(e);
        }
    }

    void acknowledge() {
        List<Mark> all = new ArrayList<>();
        new HashMap<>(marks).forEach((stream, sequence) -> all.add(new Mark(stream, sequence)));
        send(PacketType.MARKS, new Marks(Marks.Kind.ACKNOWLEDGED, all).encode());
    }

    void send(int code, ByteBuffer body) {
        ByteBuffer out = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        synchronized (writer) {
            writer.control(out, code, body);
            write(out.flip());
        }
    }

    void send(Chunk chunk) {
        synchronized (writer) {
            write(chunk.wire(writer, false));
        }
    }

    private void write(ByteBuffer out) {
        try {
            while (out.hasRemaining()) {
                channel.write(out);
            }
        } catch (IOException e) {
            return; // the module is gone; the test will see
        }
    }

    boolean connected() {
        return channel != null && channel.isOpen() && !heardMarks.isEmpty();
    }

    /** Cuts the connection as a killed daemon would; goes on listening. */
    void cut() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        if (channel != null) {
            channel.close();
        }
        Files.deleteIfExists(path);
    }
}
