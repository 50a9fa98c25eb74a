package org.merlin.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Records of bytes that tell what they should be, and what was read of a log. */
public final class Records {
    private Records() {}

    /** What a reader said about one record. */
    public record Read(long position, int events, ByteBuffer bytes) {}

    /** {@code length} bytes that depend on {@code seed}. */
    public static ByteBuffer bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        long state = seed * 0x9E3779B97F4A7C15L + length;
        for (int i = 0; i < length; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            bytes[i] = (byte) (state >>> 56);
        }
        return ByteBuffer.wrap(bytes);
    }

    public static Read read(long position, int events, ByteBuffer bytes) {
        return new Read(position, events, bytes);
    }

    /** All that {@code reader} has now. */
    public static List<Read> rest(EventLog.Reader reader) {
        List<Read> all = new ArrayList<>();
        while (reader.next()) {
            all.add(new Read(reader.position(), reader.events(), reader.record()));
        }
        return all;
    }

    /** All that a new reader at {@code position} has. */
    public static List<Read> from(EventLog log, long position) {
        try (EventLog.Reader reader = log.reader(position)) {
            return rest(reader);
        }
    }

    /** Appends {@code length} bytes for {@code events} events where the log ends, and says what should be read. */
    public static Read append(EventLog log, int events, int length) {
        long position = log.end();
        ByteBuffer bytes = bytes(position, length);
        assertThat(log.append(bytes, events)).isEqualTo(position);
        assertThat(log.end()).isEqualTo(position + events);
        return new Read(position, events, bytes);
    }
}
