package org.merlin.protocol.event;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/** The body of an external command. Fields are only ever added at the end. */
final class ExternalCommandSerializer extends Serializer<ExternalCommand> {
    ExternalCommandSerializer() {
        super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output out, ExternalCommand command) {
        Texts.write(out, command.name(), Texts.NAME_BYTES);
        Texts.write(out, command.arguments(), Texts.LONG_OUTPUT_BYTES);
        out.writeLong(command.entrySeconds());
    }

    @Override
    public ExternalCommand read(Kryo kryo, Input in, Class<? extends ExternalCommand> type) {
        return new ExternalCommand(
                Texts.read(in, Texts.NAME_BYTES), Texts.read(in, Texts.LONG_OUTPUT_BYTES), in.readLong());
    }
}
