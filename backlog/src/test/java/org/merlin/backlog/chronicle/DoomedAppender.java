package org.merlin.backlog.chronicle;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.merlin.backlog.EventLog;
import org.merlin.backlog.LogSettings;
import org.merlin.backlog.Records;

/** A process that appends, says what it has appended, and does not live to close its log. */
final class DoomedAppender {
    static final LogSettings SETTINGS = new LogSettings(4 << 20, 0);

    private DoomedAppender() {}

    static int events(long position) {
        return (int) (position % 3) + 1;
    }

    static int length(long position) {
        return position % 100 == 0 ? 50_000 : (int) (position % 500);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        EventLog log = ChronicleEventLog.open(directory, SETTINGS);
        if (arguments.length > 1) {
            dieInsideADocument(log, directory.resolve(arguments[1]));
        }
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 64), true, StandardCharsets.US_ASCII);
        while (true) {
            long position = log.end();
            log.append(Records.bytes(position, length(position)), events(position));
            out.println(position);
        }
    }

    private static void dieInsideADocument(EventLog log, Path segment) {
        for (int i = 0; i < 10; i++) {
            long position = log.end();
            log.append(Records.bytes(position, length(position)), events(position));
        }
        SingleChronicleQueue queue = ChronicleRuntime.openQueue(segment);
        ExcerptAppender appender = queue.createAppender();
        DocumentContext document = appender.writingDocument();
        document.wire().bytes().writeLong(log.end()).writeInt(5).writeLong(0x1234);
        Runtime.getRuntime().halt(7);
    }
}
