package org.merlin.daemon.cluster;

import java.util.Optional;
import org.merlin.backlog.EventLog;
import org.merlin.protocol.wire.Chunk;

/** Reads the chunks of the event log one after another, beside all subscribers. Confined to whoever's thread made it. */
public final class LogTail implements AutoCloseable {
    private final EventLog.Reader reader;
    private long position;

    /** Begins before the record that covers a position. */
    public LogTail(EventLog log, long position) {
        this.reader = log.reader(position);
        this.position = Math.max(position, log.start());
    }

    /** The next chunk; empty at the end of the log: ask again when more was appended. */
    public Optional<Chunk> next() {
        while (reader.next()) {
            position = reader.position() + reader.events();
            if (LogRecord.kind(reader.record()) == LogRecord.CHUNK) {
                return Optional.of(LogRecord.readChunk(reader.record()));
            }
        }
        return Optional.empty();
    }

    /** Position behind what was read last. */
    public long position() {
        return position;
    }

    @Override
    public void close() {
        reader.close();
    }
}
