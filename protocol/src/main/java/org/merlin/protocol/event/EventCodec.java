package org.merlin.protocol.event;

import static java.util.Map.entry;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.util.Map;
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
        EventBodies.register(kryo);
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

        @Override
        public Integer notification(Notification notification) {
            return PacketType.NOTIFICATION;
        }

        @Override
        public Integer contactNotification(ContactNotification notification) {
            return PacketType.CONTACT_NOTIFICATION_METHOD;
        }

        @Override
        public Integer comment(Comment comment) {
            return PacketType.COMMENT;
        }

        @Override
        public Integer downtime(Downtime downtime) {
            return PacketType.DOWNTIME;
        }

        @Override
        public Integer deletion(Deletion deletion) {
            return PacketType.DELETION;
        }

        @Override
        public Integer acknowledgement(Acknowledgement acknowledgement) {
            return PacketType.ACKNOWLEDGEMENT;
        }

        @Override
        public Integer register(Register register) {
            return PacketType.REGISTER;
        }

        @Override
        public Integer repetition(Repetition repetition) {
            return PacketType.REPETITION;
        }
    };

    private static final Map<Integer, Class<? extends Event>> CLASSES = Map.ofEntries(
            entry(PacketType.HOST_CHECK, CheckResult.class),
            entry(PacketType.SERVICE_CHECK, CheckResult.class),
            entry(PacketType.EXTERNAL_COMMAND, ExternalCommand.class),
            entry(PacketType.NOTIFICATION, Notification.class),
            entry(PacketType.CONTACT_NOTIFICATION_METHOD, ContactNotification.class),
            entry(PacketType.COMMENT, Comment.class),
            entry(PacketType.DOWNTIME, Downtime.class),
            entry(PacketType.DELETION, Deletion.class),
            entry(PacketType.ACKNOWLEDGEMENT, Acknowledgement.class),
            entry(PacketType.REGISTER, Register.class),
            entry(PacketType.REPETITION, Repetition.class));

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
            Event event = kryo.readObject(in, CLASSES.get(type));
            if (typeOf(event) != type) {
                throw new MalformedPacketException(
                        "a packet of type " + type + " that holds one of type " + typeOf(event) + ": " + event);
            }
            return event;
        } catch (KryoException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedPacketException("the body of an event of type " + type + ": " + e.getMessage(), e);
        }
    }

    /** Whether this code can decode a type; others are passed on and stored, not applied. */
    public static boolean knows(int type) {
        return CLASSES.containsKey(type);
    }
}
