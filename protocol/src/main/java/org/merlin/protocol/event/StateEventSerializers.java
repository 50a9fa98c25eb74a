package org.merlin.protocol.event;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;

/** Bodies of all events but results and commands. Fields are only ever added at the end; their bounds are those of {@link Texts}. */
final class StateEventSerializers {
    private StateEventSerializers() {}

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
        kryo.register(
                Notification.class, new Of<>(StateEventSerializers::write, StateEventSerializers::notification), 22);
        kryo.register(
                ContactNotification.class,
                new Of<>(StateEventSerializers::write, StateEventSerializers::contactNotification),
                23);
        kryo.register(Comment.class, new Of<>(StateEventSerializers::write, StateEventSerializers::comment), 24);
        kryo.register(Downtime.class, new Of<>(StateEventSerializers::write, StateEventSerializers::downtime), 25);
        kryo.register(Deletion.class, new Of<>(StateEventSerializers::write, StateEventSerializers::deletion), 26);
        kryo.register(
                Acknowledgement.class,
                new Of<>(StateEventSerializers::write, StateEventSerializers::acknowledgement),
                27);
        kryo.register(Register.class, new Of<>(StateEventSerializers::write, StateEventSerializers::readRegister), 28);
    }

    // --- parts
    // --------------------------------------------------------------------------------------------------------

    private static void name(Output out, String text) {
        Texts.write(out, text, Texts.NAME_BYTES);
    }

    private static String name(Input in) {
        return Texts.read(in, Texts.NAME_BYTES);
    }

    private static void words(Output out, String text) {
        Texts.writeCut(out, text, Texts.OUTPUT_BYTES);
    }

    private static String words(Input in) {
        return Texts.read(in, Texts.OUTPUT_BYTES);
    }

    private static void write(Output out, MonitoredObject object) {
        name(out, object.host());
        name(out, object.service());
    }

    private static MonitoredObject object(Input in) {
        return new MonitoredObject(name(in), name(in));
    }

    private static void write(Output out, EventName name) {
        out.writeLong(name.origin());
        out.writeInt(name.epoch());
        out.writeVarLong(name.sequence(), true);
    }

    private static EventName eventName(Input in) {
        return new EventName(in.readLong(), in.readInt(), in.readVarLong(true));
    }

    static void write(Output out, NotificationCount count) {
        out.writeVarInt(count.number(), true);
        out.writeLong(count.lastMicros());
        out.writeLong(count.nextMicros());
        out.writeVarInt(count.notifiedOn(), true);
        out.writeBoolean(count.noMore());
    }

    private static NotificationCount count(Input in) {
        return new NotificationCount(
                in.readVarInt(true), in.readLong(), in.readLong(), in.readVarInt(true), in.readBoolean());
    }

    static void write(Output out, Problem problem) {
        out.writeInt(problem.began());
        out.writeInt(problem.since());
    }

    static Problem problem(Input in) {
        return new Problem(in.readInt(), in.readInt());
    }

    // --- events
    // -------------------------------------------------------------------------------------------------------

    private static void write(Output out, Notification event) {
        write(out, event.object());
        out.writeVarInt(event.reason(), true);
        out.writeVarInt(event.state(), true);
        out.writeVarInt(event.contacts(), true);
        write(out, event.count());
        write(out, event.problem());
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
        write(out, event.object());
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
        write(out, event.object());
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
        write(out, event.object());
        out.writeLong(event.entrySeconds());
        words(out, event.author());
        words(out, event.text());
        out.writeLong(event.startSeconds());
        out.writeLong(event.endSeconds());
        out.writeBoolean(event.fixed());
        out.writeLong(event.durationSeconds());
        write(out, event.triggeredBy());
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
        write(out, event.name());
        write(out, event.object());
    }

    private static Deletion deletion(Input in) {
        return new Deletion(Deletion.Kind.values()[in.readByte()], eventName(in), object(in));
    }

    private static void write(Output out, Acknowledgement event) {
        write(out, event.object());
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

    private static Register readRegister(Input in) {
        return new Register(Register.Subject.values()[in.readByte()], name(in), name(in), name(in), words(in));
    }
}
