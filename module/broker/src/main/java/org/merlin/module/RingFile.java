package org.merlin.module;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.merlin.module.ipc.Journal;
import org.merlin.module.ipc.LogEvent;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.PacketWriter;

/** Keeps the rings that the daemon told last over a restart of the scheduler, as the packet that told them. */
final class RingFile {
    private final Path file;
    private final Journal journal;

    RingFile(Path file, Journal journal) {
        this.file = file;
        this.journal = journal;
    }

    /** Empty at the first start, and when the file is of no use. */
    Optional<Rings> load() {
        try {
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
            PacketCursor cursor = new PacketCursor();
            if (!cursor.next(in)) {
                throw new MalformedPacketException("it is too short");
            }
            cursor.checkCrc();
            return Optional.of(Rings.decode(cursor.body()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | MalformedPacketException e) {
            journal.warn(LogEvent.RING_FILE, file, e.toString());
            return Optional.empty();
        }
    }

    void save(Rings rings) {
        ByteBuffer body = rings.encode();
        ByteBuffer packet = ByteBuffer.allocate(PacketCursor.HEADER_BYTES + body.remaining());
        new PacketWriter().control(packet, PacketType.RINGS, body);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.write(fresh, packet.array());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            journal.warn(LogEvent.RING_FILE, file, e.toString());
        }
    }
}
