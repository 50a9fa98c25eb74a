package org.merlin.protocol.event;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;

/** What bodies of several kinds of events hold. */
final class BodyParts {
    private BodyParts() {}

    /** A text that must arrive whole. */
    static void name(Output out, String text) {
        Texts.write(out, text, Texts.NAME_BYTES);
    }

    static String name(Input in) {
        return Texts.read(in, Texts.NAME_BYTES);
    }

    /** A text for people. */
    static void words(Output out, String text) {
        Texts.writeCut(out, text, Texts.OUTPUT_BYTES);
    }

    static String words(Input in) {
        return Texts.read(in, Texts.OUTPUT_BYTES);
    }

    static void write(Output out, MonitoredObject object) {
        name(out, object.host());
        name(out, object.service());
    }

    static MonitoredObject object(Input in) {
        return new MonitoredObject(name(in), name(in));
    }

    static void write(Output out, EventName name) {
        out.writeLong(name.origin());
        out.writeInt(name.epoch());
        out.writeVarLong(name.sequence(), true);
    }

    static EventName eventName(Input in) {
        return new EventName(in.readLong(), in.readInt(), in.readVarLong(true));
    }

    static void write(Output out, NotificationCount count) {
        out.writeVarInt(count.number(), true);
        out.writeLong(count.lastMicros());
        out.writeLong(count.nextMicros());
        out.writeVarInt(count.notifiedOn(), true);
        out.writeBoolean(count.noMore());
    }

    static NotificationCount count(Input in) {
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
}
