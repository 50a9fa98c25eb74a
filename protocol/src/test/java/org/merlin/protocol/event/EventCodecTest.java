package org.merlin.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;

class EventCodecTest {
    private final EventCodec codec = new EventCodec();

    @Provide
    static Arbitrary<CheckResult> results() {
        Arbitrary<String> name = texts(1, 100);
        Arbitrary<Output> output = Combinators.combine(texts(0, 200), texts(0, 2000), texts(0, 300))
                .as(Output::new);
        Arbitrary<Long> instant = Arbitraries.longs();
        Arbitrary<Timing> timing =
                Combinators.combine(instant, instant, instant, instant, instant).as(Timing::new);
        Arbitrary<LastTimes> times =
                Combinators.combine(instant, instant, instant, instant).as(LastTimes::new);
        Arbitrary<Long> ids = Arbitraries.longs();
        Arbitrary<Double> percent = Arbitraries.doubles().between(0, 100);
        Arbitrary<History> history = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        times,
                        instant,
                        ids,
                        ids,
                        percent,
                        Arbitraries.of(true, false))
                .as((state, last, changed, event, problem, change, flapping) -> new History(
                        state, 3 - state, changed, ~changed, last, event, event - 1, problem, ~problem, flapping,
                        change));
        Arbitrary<NotificationCount> notified = Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(0), instant, instant)
                .as(NotificationCount::new);
        return Combinators.combine(
                        name, texts(0, 100), Arbitraries.integers().between(0, 2), output, timing, history, notified)
                .as((host, service, state, out, when, before, count) -> new CheckResult(
                        new MonitoredObject(host, service),
                        service.isEmpty() ? state : 3 - state,
                        state == 0 ? StateType.HARD : StateType.SOFT,
                        count.number(),
                        Integer.MAX_VALUE,
                        state == 1 ? CheckType.PASSIVE : CheckType.ACTIVE,
                        out,
                        when,
                        before,
                        count));
    }

    @Provide
    static Arbitrary<Event> events() {
        Arbitrary<ExternalCommand> commands = Combinators.combine(texts(1, 40), texts(0, 3000), Arbitraries.longs())
                .as(ExternalCommand::new);
        return Arbitraries.oneOf(
                results().map(result -> (Event) result),
                commands.map(command -> (Event) command),
                Arbitraries.of(Samples.ALL));
    }

    /** Of every plane of Unicode, control characters too; halves of pairs are no text. */
    private static Arbitrary<String> texts(int least, int most) {
        return Arbitraries.strings()
                .withChars("aZ09 ;|\\$\n\t\u0000äß€\u0800\uffff")
                .ofMinLength(least)
                .ofMaxLength(most)
                .map(text -> text.length() % 7 == 3 ? text + "\ud83d\ude00" : text);
    }

    @Property(tries = 500)
    void decodesWhatItEncoded(@ForAll("events") Event event) throws MalformedPacketException {
        ByteBuffer body = codec.encode(event);
        assertThat(body.remaining()).isLessThanOrEqualTo(PacketCursor.MAX_BODY_BYTES);
        assertThat(new EventCodec().decode(EventCodec.typeOf(event), body)).isEqualTo(event);
    }

    @Property(tries = 200)
    void skipsWhatANewerSenderAppended(@ForAll("events") Event event, @ForAll @Size(max = 50) byte[] more)
            throws MalformedPacketException {
        byte[] body = bytes(codec.encode(event));
        byte[] longer = Arrays.copyOf(body, body.length + more.length);
        System.arraycopy(more, 0, longer, body.length, more.length);
        assertThat(codec.decode(EventCodec.typeOf(event), ByteBuffer.wrap(longer)))
                .isEqualTo(event);
    }

    @Property(tries = 500)
    void aBodyCutAnywhereIsMalformed(@ForAll("events") Event event, @ForAll int where) {
        byte[] body = bytes(codec.encode(event));
        ByteBuffer cut = ByteBuffer.wrap(body, 0, Math.floorMod(where, body.length));
        assertThatThrownBy(() -> codec.decode(EventCodec.typeOf(event), cut))
                .isInstanceOf(MalformedPacketException.class);
    }

    @Property(tries = 2000)
    void noiseIsMalformedOrAnEventAndNothingElse(@ForAll byte[] noise) {
        Samples.ALL.forEach(sample -> decodeHostile(EventCodec.typeOf(sample), noise));
    }

    @Property(tries = 1000)
    void aBodyWithFlippedBytesIsMalformedOrAnEvent(
            @ForAll("events") Event event, @ForAll @Size(min = 1, max = 6) int[] places, @ForAll byte with) {
        byte[] body = bytes(codec.encode(event));
        for (int place : places) {
            body[Math.floorMod(place, body.length)] ^= with;
        }
        decodeHostile(EventCodec.typeOf(event), body);
    }

    private void decodeHostile(int type, byte[] body) {
        try {
            codec.decode(type, ByteBuffer.wrap(body));
        } catch (MalformedPacketException e) {
            assertThat(e).hasMessageContaining("of type " + type);
        }
    }

    @Example
    void aLengthBeyondTheBodyIsRefusedBeforeAnythingIsAllocated() {
        byte[] fourGigabytes = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        assertThatThrownBy(() -> codec.decode(PacketType.EXTERNAL_COMMAND, ByteBuffer.wrap(fourGigabytes)))
                .isInstanceOf(MalformedPacketException.class)
                .hasMessageContaining("the bound is");
    }

    @Example
    void cutsOutputThatIsTooLongBetweenCharacters() throws MalformedPacketException {
        CheckResult decoded =
                (CheckResult) codec.decode(PacketType.SERVICE_CHECK, codec.encode(result("€".repeat(100_000))));
        assertThat(decoded.output().text()).isEqualTo("€".repeat(Texts.OUTPUT_BYTES / 3));
        assertThat(decoded.output().longText()).isEqualTo("€".repeat(Texts.LONG_OUTPUT_BYTES / 3));
        assertThat(decoded.output().perfData()).isEqualTo("€".repeat(Texts.PERF_DATA_BYTES / 3));
    }

    @Example
    void refusesANameThatIsTooLong() {
        assertThatThrownBy(() -> codec.encode(new ExternalCommand("X".repeat(1025), "", 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1025 bytes, the bound is 1024");
    }

    @Example
    void aHostsResultInAPacketForServicesIsMalformed() {
        CheckResult service = result("fine");
        assertThatThrownBy(() -> codec.decode(PacketType.HOST_CHECK, codec.encode(service)))
                .isInstanceOf(MalformedPacketException.class)
                .hasMessageContaining("h;s");
    }

    private static CheckResult result(String text) {
        return new CheckResult(
                MonitoredObject.ofService("h", "s"),
                0,
                StateType.HARD,
                1,
                3,
                CheckType.ACTIVE,
                new Output(text, text, text),
                new Timing(1, 2, 3, 4, 5),
                new History(0, 0, 1, 1, LastTimes.NEVER, 1, 0, 0, 0, false, 0),
                NotificationCount.NONE);
    }

    private static byte[] bytes(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return bytes;
    }
}
