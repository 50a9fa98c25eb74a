package org.merlin.protocol.event;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Timing;

/** The body of a host or service check result. Fields are only ever added at the end; their bounds are those of {@link Texts}. */
final class CheckResultSerializer extends Serializer<CheckResult> {
    CheckResultSerializer() {
        super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output out, CheckResult result) {
        Texts.write(out, result.object().host(), Texts.NAME_BYTES);
        Texts.write(out, result.object().service(), Texts.NAME_BYTES);
        out.writeByte(result.state());
        out.writeByte(result.stateType().ordinal());
        out.writeVarInt(result.attempt(), true);
        out.writeVarInt(result.maxAttempts(), true);
        out.writeByte(result.checkType().ordinal());
        Texts.writeCut(out, result.output().text(), Texts.OUTPUT_BYTES);
        Texts.writeCut(out, result.output().longText(), Texts.LONG_OUTPUT_BYTES);
        Texts.writeCut(out, result.output().perfData(), Texts.PERF_DATA_BYTES);
        writeTiming(out, result.timing());
        writeHistory(out, result.history());
        out.writeVarInt(result.notification().number(), true);
        out.writeLong(result.notification().lastMicros());
        out.writeLong(result.notification().nextMicros());
        out.writeVarInt(result.notification().notifiedOn(), true);
        out.writeBoolean(result.notification().noMore());
        out.writeLong(result.history().lately());
        StateEventSerializers.write(out, result.problem());
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

    @Override
    public CheckResult read(Kryo kryo, Input in, Class<? extends CheckResult> type) {
        MonitoredObject object =
                new MonitoredObject(Texts.read(in, Texts.NAME_BYTES), Texts.read(in, Texts.NAME_BYTES));
        int state = in.readByte();
        StateType stateType = StateType.values()[in.readByte()];
        int attempt = in.readVarInt(true);
        int maxAttempts = in.readVarInt(true);
        CheckType checkType = CheckType.values()[in.readByte()];
        CheckResult.Output output = new CheckResult.Output(
                Texts.read(in, Texts.OUTPUT_BYTES),
                Texts.read(in, Texts.LONG_OUTPUT_BYTES),
                Texts.read(in, Texts.PERF_DATA_BYTES));
        Timing timing =
                new Timing(in.readLong(), in.readLong(), in.readVarLong(false), in.readVarLong(false), in.readLong());
        History history = readHistory(in);
        NotificationCount notification = new NotificationCount(
                in.readVarInt(true), in.readLong(), in.readLong(), in.readVarInt(true), in.readBoolean());
        history = history.with(in.readLong());
        return new CheckResult(
                object,
                state,
                stateType,
                attempt,
                maxAttempts,
                checkType,
                output,
                timing,
                history,
                notification,
                StateEventSerializers.problem(in));
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
