package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;

/** Appends to the last segment of the chain. Confined to the log's thread. */
final class SegmentWriter {
    private final Segment segment;
    private final ExcerptAppender appender;
    private final RecordFormat format = new RecordFormat();
    private int lastEvents; // of the record appended last; 0 if not by us
    private boolean namesSynced;
    private boolean synced = true;
    private boolean closed;

    SegmentWriter(Segment segment) {
        this.segment = segment;
        this.appender = createAppender(segment);
    }

    /** A new segment at {@code base}. */
    static SegmentWriter begin(LogDirectory directory, long base) {
        return new SegmentWriter(new Segment(directory.segment(base), base));
    }

    private static ExcerptAppender createAppender(Segment segment) {
        try {
            return segment.holdForMending().createAppender();
        } catch (RuntimeException | Error failed) {
            segment.letGo();
            if (failed instanceof IllegalStateException) { // it opens what it may not write for reading, without a word
                throw new IllegalStateException(
                        "log segment " + segment.directory() + " cannot be written (" + failed.getMessage()
                                + "): are its files another user's, or is its disk mounted read-only?",
                        failed);
            }
            throw failed;
        }
    }

    void append(int events, ByteBuffer record) {
        long position = segment.tail().end();
        long behind;
        try (DocumentContext document = appender.writingDocument()) {
            boolean written = false;
            try {
                Bytes<?> out = document.wire().bytes();
                format.write(out, position, events, record);
                behind = out.writePosition();
                written = true;
            } finally {
                if (!written) {
                    document.rollbackOnClose();
                }
            }
        }
        synced = false;
        lastEvents = events;
        segment.reached(segment.tail().and(events, behind));
    }

    /**
     * Forces the file of the segment as a whole. Chronicle's own sync covers the block that is mapped at the moment;
     * what was written to the one before since the last sync would be left out.
     */
    void sync() throws IOException {
        if (synced) {
            return;
        }
        if (namesSynced) {
            DiskSync.file(segment.directory().resolve(ChronicleRuntime.recordsFile()));
        } else {
            sync(segment.directory());
            namesSynced = true;
        }
        synced = true;
    }

    /** Forces all files of a segment, and their names. */
    static void sync(Path segment) throws IOException {
        try (Stream<Path> files = Files.list(segment)) {
            for (Path file : files.toList()) {
                DiskSync.file(file);
            }
        }
        DiskSync.directory(segment);
        DiskSync.directory(segment.getParent());
    }

    int lastEvents() {
        return lastEvents;
    }

    Segment segment() {
        return segment;
    }

    void close() {
        if (!closed) {
            closed = true;
            appender.close();
            segment.letGo();
        }
    }
}
