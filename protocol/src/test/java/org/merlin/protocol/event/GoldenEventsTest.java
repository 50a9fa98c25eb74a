package org.merlin.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merlin.protocol.wire.MalformedPacketException;

/** Each line of {@code events-0.1.0.txt} is the type and the body of one of {@link Samples}, as release 0.1.0, the first, froze it. */
class GoldenEventsTest {
    private final EventCodec codec = new EventCodec();

    private static List<String> lines() throws IOException {
        try (InputStream in = GoldenEventsTest.class.getResourceAsStream("events-0.1.0.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void bodiesAreWhatTheyAlwaysWere() throws IOException {
        List<String> now = new ArrayList<>();
        for (Event event : Samples.ALL) {
            ByteBuffer body = codec.encode(event);
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            now.add(EventCodec.typeOf(event) + " " + HexFormat.of().formatHex(bytes));
        }
        assertThat(now).isEqualTo(lines());
    }

    @Test
    void bodiesOfVersion1AreUnderstood() throws IOException, MalformedPacketException {
        List<Event> read = new ArrayList<>();
        for (String line : lines()) {
            String[] words = line.split(" ");
            byte[] body = HexFormat.of().parseHex(words[1]);
            read.add(codec.decode(Integer.parseInt(words[0]), ByteBuffer.wrap(body)));
        }
        assertThat(read).isEqualTo(Samples.ALL);
    }

    @Test
    void thereIsASampleOfEveryKind() {
        assertThat(Samples.ALL.stream().<Class<?>>map(Event::getClass))
                .containsAll(Arrays.asList(Event.class.getPermittedSubclasses()));
    }
}
