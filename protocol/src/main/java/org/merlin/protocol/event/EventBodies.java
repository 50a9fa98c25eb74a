package org.merlin.protocol.event;

import static org.merlin.protocol.event.BodyParts.count;
import static org.merlin.protocol.event.BodyParts.eventName;
import static org.merlin.protocol.event.BodyParts.name;
import static org.merlin.protocol.event.BodyParts.object;
import static org.merlin.protocol.event.BodyParts.problem;
import static org.merlin.protocol.event.BodyParts.words;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.merlin.protocol.wire.PacketType;

/** How the bodies of all kinds of events are written and read. Fields are only ever added at the end; their bounds are those of {@link Texts}. */
final class EventBodies {
    private EventBodies() {}

    /** Two functions as a serializer. */
    private static final class Of<T> extends Serializer<T> {
        private final BiConsumer<Output, T> writer;
        private final Function<Input, T> reader;

        Of(BiConsumer<Output, T> writer, Function<Input, T> reader) {
            super(false, true);
            this.writer = writer;
            this.reader = reader;
        }

        @Override
        public void write(Kryo kryo, Output out, T event) {
            writer.accept(out, event);
        }

        @Override
        public T read(Kryo kryo, Input in, Class<? extends T> type) {
            return reader.apply(in);
        }
    }

    static void register(Kryo kryo) {
        kryo.register(CheckResult.class, new Of<>(CheckResultBody::write, CheckResultBody::read), 20);
        kryo.register(ExternalCommand.class, new Of<>(EventBodies::write, EventBodies::externalCommand), 21);
        kryo.register(Notification.class, new Of<>(EventBodies::write, EventBodies::notification), 22);
        kryo.register(ContactNotification.class, new Of<>(EventBodies::write, EventBodies::contactNotification), 23);
        kryo.register(Comment.class, new Of<>(EventBodies::write, EventBodies::comment), 24);
        kryo.register(Downtime.class, new Of<>(EventBodies::write, EventBodies::downtime), 25);
        kryo.register(Deletion.class, new Of<>(EventBodies::write, EventBodies::deletion), 26);
        kryo.register(Acknowledgement.class, new Of<>(EventBodies::write, EventBodies::acknowledgement), 27);
        kryo.register(Register.class, new Of<>(EventBodies::write, EventBodies::register), 28);
        kryo.register(Repetition.class, new Of<>(EventBodies::write, EventBodies::repetition), 29);
    }

    private static void write(Output out, ExternalCommand event) {
        name(out, event.name());
        Texts.write(out, event.arguments(), Texts.LONG_OUTPUT_BYTES);
        out.writeLong(event.entrySeconds());
    }

    private static ExternalCommand externalCommand(Input in) {
        return new ExternalCommand(name(in), Texts.read(in, Texts.LONG_OUTPUT_BYTES), in.readLong());
    }

    private static void write(Output out, Notification event) {
        BodyParts.write(out, event.object());
        out.writeVarInt(event.reason(), true);
        out.writeVarInt(event.state(), true);
        out.writeVarInt(event.contacts(), true);
        BodyParts.write(out, event.count());
        BodyParts.write(out, event.problem());
        words(out, event.author());
        words(out, event.text());
    }

    private static Notification notification(Input in) {
        return new Notification(
                object(in),
                in.readVarInt(true),
                in.readVarInt(true),
                in.readVarInt(true),
                count(in),
                problem(in),
                words(in),
                words(in));
    }

    private static void write(Output out, ContactNotification event) {
        BodyParts.write(out, event.object());
        name(out, event.contact());
        words(out, event.command());
        out.writeVarInt(event.reason(), true);
        out.writeVarInt(event.state(), true);
        words(out, event.output());
        words(out, event.author());
        words(out, event.text());
        out.writeLong(event.startMicros());
        out.writeLong(event.endMicros());
    }

    private static ContactNotification contactNotification(Input in) {
        return new ContactNotification(
                object(in),
                name(in),
                words(in),
                in.readVarInt(true),
                in.readVarInt(true),
                words(in),
                words(in),
                words(in),
                in.readLong(),
                in.readLong());
    }

    private static void write(Output out, Comment event) {
        BodyParts.write(out, event.object());
        out.writeLong(event.entrySeconds());
        words(out, event.author());
        words(out, event.text());
        out.writeBoolean(event.persistent());
        out.writeVarInt(event.source(), true);
        out.writeLong(event.expireSeconds());
    }

    private static Comment comment(Input in) {
        return new Comment(
                object(in), in.readLong(), words(in), words(in), in.readBoolean(), in.readVarInt(true), in.readLong());
    }

    private static void write(Output out, Downtime event) {
        BodyParts.write(out, event.object());
        out.writeLong(event.entrySeconds());
        words(out, event.author());
        words(out, event.text());
        out.writeLong(event.startSeconds());
        out.writeLong(event.endSeconds());
        out.writeBoolean(event.fixed());
        out.writeLong(event.durationSeconds());
        BodyParts.write(out, event.triggeredBy());
    }

    private static Downtime downtime(Input in) {
        return new Downtime(
                object(in),
                in.readLong(),
                words(in),
                words(in),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                in.readLong(),
                eventName(in));
    }

    private static void write(Output out, Deletion event) {
        out.writeByte(event.kind().ordinal());
        BodyParts.write(out, event.name());
        BodyParts.write(out, event.object());
    }

    private static Deletion deletion(Input in) {
        return new Deletion(Deletion.Kind.values()[in.readByte()], eventName(in), object(in));
    }

    private static void write(Output out, Acknowledgement event) {
        BodyParts.write(out, event.object());
        out.writeBoolean(event.set());
        out.writeInt(event.problem());
        out.writeInt(event.since());
        out.writeBoolean(event.sticky());
        out.writeBoolean(event.persistent());
        out.writeBoolean(event.tellContacts());
        words(out, event.author());
        words(out, event.text());
        out.writeLong(event.entrySeconds());
        out.writeLong(event.endSeconds());
    }

    private static Acknowledgement acknowledgement(Input in) {
        return new Acknowledgement(
                object(in),
                in.readBoolean(),
                in.readInt(),
                in.readInt(),
                in.readBoolean(),
                in.readBoolean(),
                in.readBoolean(),
                words(in),
                words(in),
                in.readLong(),
                in.readLong());
    }

    private static void write(Output out, Register event) {
        out.writeByte(event.subject().ordinal());
        name(out, event.name());
        name(out, event.service());
        name(out, event.attribute());
        words(out, event.value());
    }

    private static Register register(Input in) {
        return new Register(Register.Subject.values()[in.readByte()], name(in), name(in), name(in), words(in));
    }

    private static void write(Output out, Repetition event) {
        out.writeInt(event.epoch());
        out.writeVarLong(event.sequence(), true);
        out.writeVarInt(EventCodec.typeOf(event.event()), true);
        if (event.event() instanceof Comment comment) {
            write(out, comment);
        } else if (event.event() instanceof Downtime downtime) {
            write(out, downtime);
        } else if (event.event() instanceof Acknowledgement acknowledgement) {
            write(out, acknowledgement);
        }
    }

    private static Repetition repetition(Input in) {
        int epoch = in.readInt();
        long sequence = in.readVarLong(true);
        int type = in.readVarInt(true);
        Event event = switch (type) {
            case PacketType.COMMENT -> comment(in);
            case PacketType.DOWNTIME -> downtime(in);
            case PacketType.ACKNOWLEDGEMENT -> acknowledgement(in);
            default -> throw new IllegalArgumentException("a repetition of type " + type);
        };
        return new Repetition(epoch, sequence, event);
    }
}
