package org.merlin.tests.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.MessageReader;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to read what comes? A body, which is read only where it is applied; and a chunk of a hundred results, of which
 * every node on the way checks lengths and checksums. By the bytes of the texts of a result.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
    private static final int EVENTS = 100;

    @Param({"0", "200", "2000"})
    private int textBytes;

    private final EventCodec codec = new EventCodec();
    private final MessageReader reader = new MessageReader();
    private ByteBuffer body;
    private ByteBuffer chunk;

    @Setup
    public void build() {
        ByteBuffer encoded = codec.encode(Events.result(textBytes));
        body = ByteBuffer.allocate(encoded.remaining()).put(encoded).flip();
        chunk = Events.chunk(0, EVENTS, textBytes).wire(new PacketWriter(), false);
    }

    @Benchmark
    public Event body() throws MalformedPacketException {
        return codec.decode(PacketType.SERVICE_CHECK, body);
    }

    /** Per event. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Message chunk() throws MalformedPacketException {
        return reader.next(chunk.duplicate()).orElseThrow();
    }
}
