package org.merlin.module.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.module.ipc.Packets.aPacket;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpillFileTest {
    @TempDir
    Path dir;

    private final List<Long> dropped = new ArrayList<>();

    private SpillFile open(long maxBytes, List<Long> found) throws IOException {
        return SpillFile.open(dir, maxBytes, packet -> found.add(packet.sequence()));
    }

    private void append(SpillFile file, long from, long to, int bytes) throws IOException {
        for (long sequence = from; sequence <= to; sequence++) {
            file.append(List.of(aPacket(2, sequence, bytes)), packet -> dropped.add(packet.sequence()));
        }
    }

    private static List<Long> all(SpillFile.Reader reader) throws IOException {
        List<Long> sequences = new ArrayList<>();
        for (Packet packet = reader.peek(); packet != null; packet = reader.peek()) {
            sequences.add(packet.sequence());
            reader.advance();
        }
        return sequences;
    }

    private Path lastSegment() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.sorted().reduce((first, second) -> second).orElseThrow();
        }
    }

    @Test
    void readsBackWhatWasAppendedAlsoWhileMoreComes() throws IOException {
        SpillFile file = open(1 << 20, new ArrayList<>());
        append(file, 1, 100, 3000);
        SpillFile.Reader reader = file.reader();
        assertThat(all(reader)).hasSize(100);
        append(file, 101, 150, 3000);
        assertThat(all(reader)).hasSize(50).startsWith(101L);
    }

    @Test
    void survivesAKill() throws IOException {
        append(open(1 << 20, new ArrayList<>()), 1, 100, 3000); // not closed
        List<Long> found = new ArrayList<>();
        assertThat(all(open(1 << 20, found).reader())).hasSize(100);
        assertThat(found).hasSize(100);
    }

    @Test
    void cutsOffATornEndAndGoesOnThere() throws IOException {
        try (SpillFile file = open(1 << 20, new ArrayList<>())) {
            append(file, 1, 3, 100);
        }
        try (FileChannel last = FileChannel.open(lastSegment(), StandardOpenOption.WRITE)) {
            last.truncate(last.size() - 1);
        }
        try (SpillFile file = open(1 << 20, new ArrayList<>())) {
            assertThat(all(file.reader())).containsExactly(1L, 2L);
            append(file, 3, 4, 100);
            assertThat(all(file.reader())).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void dropsTheOldestAtTheBoundAndTellsEach() throws IOException {
        SpillFile file = open(80_000, new ArrayList<>());
        append(file, 1, 500, 1000);
        List<Long> left = all(file.reader());
        assertThat(file.bytes()).isLessThanOrEqualTo(80_000);
        assertThat(left).endsWith(500L).hasSizeGreaterThan(50);
        assertThat(dropped).hasSize(500 - left.size()).startsWith(1L);
    }

    @Test
    void aReaderWhosePlaceWasDroppedGoesOnAtTheOldestThatIsLeft() throws IOException {
        SpillFile file = open(80_000, new ArrayList<>());
        append(file, 1, 20, 1000);
        SpillFile.Reader reader = file.reader();
        reader.peek();
        append(file, 21, 500, 1000);
        List<Long> seen = all(reader);
        assertThat(seen).isSorted().endsWith(500L).doesNotHaveDuplicates();
    }

    @Test
    void takesPacketsOfTheLargestSize() throws IOException {
        SpillFile file = open(1 << 20, new ArrayList<>());
        append(file, 1, 3, 128 * 1024);
        assertThat(all(file.reader())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void clearingLeavesNothing() throws IOException {
        SpillFile file = open(1 << 20, new ArrayList<>());
        append(file, 1, 3, 100);
        file.clear();
        assertThat(file.isEmpty()).isTrue();
        assertThat(all(file.reader())).isEmpty();
        append(file, 4, 4, 100);
        assertThat(all(file.reader())).containsExactly(4L);
    }
}
