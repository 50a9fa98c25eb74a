package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;

/** Reads what the daemon sends on one connection: thread {@code merlin-module-receive}, which ends with the connection. */
final class Receiver {
    private static final int FIRST_BYTES = 64 * 1024;

    private final Connection connection;
    private final Inbox inbox;
    private final Listener listener;
    private final NanoClock clock;
    private final MessageReader messages = new MessageReader();
    /** Grows to the largest message that came: all of it is memory in use. */
    private ByteBuffer in = ByteBuffer.allocateDirect(FIRST_BYTES);

    private final AtomicInteger users = new AtomicInteger(2);
    private volatile long heardNanos;
    private volatile boolean paused;
    private volatile boolean stopped;

    /** What the receiver tells; on its thread. */
    interface Listener {
        void onControl(Receiver from, Message.Control control);

        /** A chunk is in the inbox. */
        void onChunk();

        void onEnd(Receiver from, String why);
    }

    Receiver(Connection connection, Inbox inbox, Listener listener, NanoClock clock) {
        this.connection = connection;
        this.inbox = inbox;
        this.listener = listener;
        this.clock = clock;
        this.heardNanos = clock.nanos();
    }

    /** Reads once, and tells what came; returns whether more may come. */
    boolean step() {
        String why = "our own fault";
        boolean open = false;
        try {
            open = receive();
            why = stopped ? "we closed the connection" : "it closed the connection";
        } catch (IOException e) {
            why = "reading failed: " + e.getMessage();
        } catch (MalformedPacketException e) {
            why = "it broke the protocol: " + e.getMessage();
        } catch (RuntimeException e) {
            why = "our own fault while reading: " + e;
        } finally {
            if (!open) {
                listener.onEnd(this, why);
                leave();
            }
        }
        return open;
    }

    private boolean receive() throws IOException, MalformedPacketException {
        if (!hasRoom()) {
            return !stopped;
        }
        int read = stopped ? -1 : connection.read(in);
        if (read > 0) {
            heardNanos = clock.nanos();
            handOut();
        }
        return read >= 0;
    }

    private void handOut() throws MalformedPacketException {
        in.flip();
        for (Optional<Message> next = messages.next(in); next.isPresent(); next = messages.next(in)) {
            next.get().accept(new Message.Visitor<Void>() {
                @Override
                public Void control(Message.Control control) {
                    listener.onControl(Receiver.this, control);
                    return null;
                }

                @Override
                public Void chunk(Chunk chunk) {
                    inbox.add(chunk);
                    listener.onChunk();
                    return null;
                }
            });
        }
        in.compact();
        if (!in.hasRemaining() && in.capacity() < MessageReader.MAX_MESSAGE_BYTES) {
            int bytes = Math.min(2 * in.capacity(), MessageReader.MAX_MESSAGE_BYTES);
            in = ByteBuffer.allocateDirect(bytes).put(in.flip());
        }
    }

    /** Whether more may be read, at once or after a moment: what one reading brings may go beyond the bound. */
    private boolean hasRoom() {
        if (inbox.full()) {
            paused = true;
            inbox.awaitRoom();
        }
        boolean room = !inbox.full();
        if (room && paused) {
            heardNanos = clock.nanos();
            paused = false;
        }
        return room;
    }

    /** For how long nothing came, although we were reading. Any thread. */
    long silentNanos(long nowNanos) {
        return paused ? 0 : nowNanos - heardNanos;
    }

    /**
     * Each of the two threads that use the connection says so when it no longer does; the second one closes it. Not before:
     * its number may be given to another file at once.
     */
    void leave() {
        if (users.decrementAndGet() == 0) {
            connection.close();
        }
    }

    /** Makes it end soon. Any thread. */
    void stop() {
        stopped = true;
        connection.shutdown();
    }
}
