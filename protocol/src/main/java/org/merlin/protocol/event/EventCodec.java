package org.merlin.protocol.event;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;

/**
 * Bodies of events: registered, hand-written Kryo serializers, bounded by {@link PacketCursor#MAX_BODY_BYTES}. A body may
 * end with fields that a newer sender appended; they are skipped. Not thread-safe: one per thread, made once (15 µs).
 */
public final class EventCodec {
    private final Kryo kryo = new Kryo();
    private final Output out = new Output(4096, PacketCursor.MAX_BODY_BYTES);
    private final Input in = new Input();

    public EventCodec() {
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);
        kryo.register(CheckResult.class, new CheckResultSerializer(), 20);
        kryo.register(ExternalCommand.class, new ExternalCommandSerializer(), 21);
    }

    /** The packet type that carries an event. */
    public static int typeOf(Event event) {
        return event.accept(TYPE);
    }

    private static final Event.Visitor<Integer> TYPE = new Event.Visitor<>() {
        @Override
        public Integer checkResult(CheckResult result) {
            return result.object().isHost() ? PacketType.HOST_CHECK : PacketType.SERVICE_CHECK;
        }

        @Override
        public Integer externalCommand(ExternalCommand command) {
            return PacketType.EXTERNAL_COMMAND;
        }
    };

    /**
     * Encodes an event.
     *
     * @return the body, valid until the next call; output texts beyond their bounds are cut
     * @throws IllegalArgumentException if a name or a command is longer than its bound
     */
    public ByteBuffer encode(Event event) {
        out.reset();
        kryo.writeObject(out, event);
        return ByteBuffer.wrap(out.getBuffer(), 0, out.position());
    }

    /**
     * Decodes an event.
     *
     * @param type its packet type, one that {@link #knows}
     * @param body a heap buffer, from position to limit
     * @throws MalformedPacketException if these bytes are no such event
     */
    public Event decode(int type, ByteBuffer body) throws MalformedPacketException {
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        in.setBuffer(bytes);
        try {
            if (type == PacketType.EXTERNAL_COMMAND) {
                return kryo.readObject(in, ExternalCommand.class);
            }
            CheckResult result = kryo.readObject(in, CheckResult.class);
            if (typeOf(result) != type) {
                throw new MalformedPacketException("the result of " + result.object() + " as a packet of type " + type);
            }
            return result;
        } catch (KryoException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedPacketException("the body of an event of type " + type + ": " + e.getMessage(), e);
        }
    }

    /** Whether this code can decode a type; others are passed on and stored, not applied. */
    public static boolean knows(int type) {
        return type == PacketType.HOST_CHECK || type == PacketType.SERVICE_CHECK || type == PacketType.EXTERNAL_COMMAND;
    }
}
