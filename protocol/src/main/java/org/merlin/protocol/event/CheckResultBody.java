package org.merlin.protocol.event;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Timing;

/** The body of a host or service check result. Fields are only ever added at the end; their bounds are those of {@link Texts}. */
final class CheckResultBody {
    private CheckResultBody() {}

    static void write(Output out, CheckResult result) {
        BodyParts.write(out, result.object());
        out.writeByte(result.state());
        out.writeByte(result.stateType().ordinal());
        out.writeVarInt(result.attempt(), true);
        out.writeVarInt(result.maxAttempts(), true);
        out.writeByte(result.checkType().ordinal());
        BodyParts.words(out, result.output().text());
        Texts.writeCut(out, result.output().longText(), Texts.LONG_OUTPUT_BYTES);
        Texts.writeCut(out, result.output().perfData(), Texts.PERF_DATA_BYTES);
        writeTiming(out, result.timing());
        writeHistory(out, result.history());
        BodyParts.write(out, result.notification());
        out.writeLong(result.history().lately());
        BodyParts.write(out, result.problem());
    }

    private static void writeTiming(Output out, Timing timing) {
        out.writeLong(timing.startMicros());
        out.writeLong(timing.endMicros());
        out.writeVarLong(timing.latencyMicros(), false);
        out.writeVarLong(timing.executionMicros(), false);
        out.writeLong(timing.nextCheckMicros());
    }

    private static void writeHistory(Output out, History history) {
        out.writeByte(history.lastState());
        out.writeByte(history.lastHardState());
        out.writeLong(history.lastStateChangeMicros());
        out.writeLong(history.lastHardStateChangeMicros());
        out.writeLong(history.lastTimes().state0());
        out.writeLong(history.lastTimes().state1());
        out.writeLong(history.lastTimes().state2());
        out.writeLong(history.lastTimes().state3());
        out.writeVarLong(history.eventId(), true);
        out.writeVarLong(history.lastEventId(), true);
        out.writeVarLong(history.problemId(), true);
        out.writeVarLong(history.lastProblemId(), true);
        out.writeBoolean(history.flapping());
        out.writeDouble(history.percentChange());
    }

    static CheckResult read(Input in) {
        MonitoredObject object = BodyParts.object(in);
        int state = in.readByte();
        StateType stateType = StateType.values()[in.readByte()];
        int attempt = in.readVarInt(true);
        int maxAttempts = in.readVarInt(true);
        CheckType checkType = CheckType.values()[in.readByte()];
        CheckResult.Output output = new CheckResult.Output(
                BodyParts.words(in), Texts.read(in, Texts.LONG_OUTPUT_BYTES), Texts.read(in, Texts.PERF_DATA_BYTES));
        Timing timing =
                new Timing(in.readLong(), in.readLong(), in.readVarLong(false), in.readVarLong(false), in.readLong());
        History history = readHistory(in);
        NotificationCount notification = BodyParts.count(in);
        long lately = in.readLong();
        return new CheckResult(
                object,
                state,
                stateType,
                attempt,
                maxAttempts,
                checkType,
                output,
                timing,
                history.with(lately),
                notification,
                BodyParts.problem(in));
    }

    private static History readHistory(Input in) {
        return new History(
                in.readByte(),
                in.readByte(),
                in.readLong(),
                in.readLong(),
                new LastTimes(in.readLong(), in.readLong(), in.readLong(), in.readLong()),
                in.readVarLong(true),
                in.readVarLong(true),
                in.readVarLong(true),
                in.readVarLong(true),
                in.readBoolean(),
                in.readDouble());
    }
}
