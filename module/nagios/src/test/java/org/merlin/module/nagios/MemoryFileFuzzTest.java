package org.merlin.module.nagios;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;

/** module.memory, all but its last line, which holds the checksum of the others. Whatever is in it, the module starts. */
class MemoryFileFuzzTest {
    private static final Path FOLDER = Path.of("target", "fuzz-memory");
    private static final String SEED = """
            merlin-memory 1
            counts\t1\t2\t3\t4\t5
            applied\tfffffffffffffff9\t4294967294\t5\t6
            retention\t-
            shared\there\tCOMMENT\t7/2/1\t5\ttrue\th\t0/0/0
            shared\tgone\tDOWNTIME\t7/2/3\t1700000000
            revision\th;s\t-7
            """;

    static Stream<byte[]> seeds() {
        return Stream.of(SEED, SEED.replace("retention\t-", "retention\t1/2"))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aFileIsReadOrBegunAnew(byte[] input) throws IOException {
        Files.createDirectories(FOLDER);
        Path path = FOLDER.resolve("module.memory");
        MemoryFile file = new MemoryFile(path, Optional.empty(), line -> {});
        Files.write(path, input);
        file.read();

        StringBuilder text = new StringBuilder();
        new String(input, StandardCharsets.UTF_8)
                .lines()
                .forEach(line -> text.append(line).append('\n'));
        CRC32C crc = new CRC32C();
        crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
        Files.writeString(path, text + "crc\t" + Long.toHexString(crc.getValue()) + "\n");
        MemoryFile.Kept kept = file.read();

        file.write(kept, file.stamp());
        MemoryFile.Kept again = file.read();
        if (!again.equals(kept)) {
            throw new AssertionError("written and read again it is another: " + kept + " -> " + again);
        }
        Files.delete(path);
    }
}
