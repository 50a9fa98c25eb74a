package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.StreamId;

/** The sender's part of the module, called when a benchmark says so; the daemon acknowledges at once. */
public final class SenderByHand implements AutoCloseable {
    private final StreamId stream;
    private final Path folder;
    private final Outbox outbox;
    private final Handoff handoff = new Handoff(Outbox.Bounds.DEFAULT.memoryBytes() / 2, new Bell());
    private final List<Packet> batch = new ArrayList<>();

    public SenderByHand(StreamId stream) throws IOException {
        this.stream = stream;
        folder = Files.createTempDirectory("outbox");
        outbox = Outbox.open(stream.origin(), stream.epoch(), folder, Outbox.Bounds.DEFAULT, trouble -> {
            throw new IllegalStateException(trouble);
        });
        outbox.onConnected(List.of());
    }

    public Handoff handoff() {
        return handoff;
    }

    /** What was handed over. */
    public List<Packet> drain() {
        batch.clear();
        handoff.drainTo(batch, Integer.MAX_VALUE);
        return batch;
    }

    /** Packs what was handed over into chunks, and has it acknowledged; returns their bytes. */
    public long send(long upTo) {
        outbox.add(drain());
        long bytes = 0;
        for (Optional<Chunk> chunk = outbox.next(); chunk.isPresent(); chunk = outbox.next()) {
            bytes += chunk.get().recordBytes();
        }
        outbox.onAcknowledged(List.of(new Mark(stream, upTo)));
        if (outbox.events() != 0) {
            throw new IllegalStateException(outbox.events() + " events were not sent");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        outbox.close();
        Files.deleteIfExists(folder);
    }
}
