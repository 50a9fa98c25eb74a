package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * The answer to {@link ConfigTry}.
 *
 * @param generation its hash
 * @param good whether the node would run it
 * @param checked whether its scheduler's check says so; else it is only not possible now
 * @param why if not: the scheduler's own words, or ours
 */
public record ConfigVerdict(String generation, boolean good, boolean checked, String why) {
    private static final int MAX_WHY = 8_000;

    public ConfigVerdict {
        why = Excerpt.of(why, MAX_WHY);
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putText(generation)
                .putFlag(good)
                .putFlag(checked)
                .putText(why)
                .body();
    }

    public static ConfigVerdict decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new ConfigVerdict(ConfigPiece.hash(in), in.getFlag(), in.getFlag(), in.getText());
    }
}
