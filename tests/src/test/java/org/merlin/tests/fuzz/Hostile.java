package org.merlin.tests.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What whoever takes bytes from outside must do with any of them: read them, or refuse them in its own words; and allocate no more
 * than their number justifies.
 */
public final class Hostile {
    /** Allocated whatever the input's length is: a refusal with its trace, buffers that grow from a usual size. */
    private static final long FIXED_BYTES = 512 << 10;

    /** What the fuzzer's own hooks may allocate for a byte more: at each comparison and each pattern, some kilobytes. */
    private static final int HOOKS_BYTES_PER_BYTE = fuzzing() ? 16 << 10 : 0;

    /** What is too much is measured again: classes are loaded at the first time. */
    private static final int MEASURED_AGAIN = 4;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Hostile() {}

    private static boolean fuzzing() {
        String wanted = System.getenv("JAZZER_FUZZ");
        return wanted != null && !wanted.isEmpty();
    }

    /** Reads an input. */
    @FunctionalInterface
    public interface Decoder<T> {
        T decode() throws Exception;
    }

    /**
     * Decodes an input; fails if anything else than a refusal is thrown, or too much is allocated.
     *
     * @param inputBytes how long the input is
     * @param bytesPerByte what one byte of the input may cost at most
     * @param refusal what the decoder may throw
     * @return empty if it refused
     */
    public static <T> Optional<T> decode(
            int inputBytes, int bytesPerByte, Class<? extends Exception> refusal, Decoder<T> decoder) {
        long bound = FIXED_BYTES + (long) (bytesPerByte + HOOKS_BYTES_PER_BYTE) * inputBytes;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Optional<T> decoded = decodeOnce(refusal, decoder);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        for (int again = 0; again < MEASURED_AGAIN && allocated > bound; again++) {
            before = THREADS.getCurrentThreadAllocatedBytes();
            decodeOnce(refusal, decoder);
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        if (allocated > bound) {
            throw new AssertionError(inputBytes + " bytes made it allocate " + allocated + ", the bound is " + bound);
        }
        return decoded;
    }

    private static <T> Optional<T> decodeOnce(Class<? extends Exception> refusal, Decoder<T> decoder) {
        try {
            return Optional.of(decoder.decode());
        } catch (Exception e) {
            if (refusal.isInstance(e)) {
                return Optional.empty();
            }
            throw new AssertionError("that is no refusal: " + e, e);
        }
    }

    /** Fails unless what is written of a value is read as that value, and written the same again. */
    public static <T> void staysTheSame(T value, Function<T, byte[]> encode, Function<byte[], T> decode) {
        byte[] written = encode.apply(value);
        T read = decode.apply(written);
        if (!read.equals(value)) {
            throw new AssertionError("read, written and read again it is another: " + value + " -> " + read);
        }
        if (!java.util.Arrays.equals(encode.apply(read), written)) {
            throw new AssertionError("written a second time it is other bytes: " + value);
        }
    }

    /** The bytes from position to limit. */
    public static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    public static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Stream.of(parts).mapToInt(part -> part.length).sum());
        Stream.of(parts).forEach(all::put);
        return all.array();
    }

    /** The words of a file of golden bytes, {@code place} from the root of the sources. */
    public static Stream<String[]> golden(String place) {
        return text(place).lines().map(line -> line.split(" "));
    }

    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** A file, {@code place} from the root of the sources. */
    public static String text(String place) {
        try {
            return Files.readString(Path.of("..").resolve(place), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static int crcOf(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    /** Makes the checksum of a packet at {@code start} right; a fuzzer would hardly ever guess it. */
    public static void mendPacketCrc(byte[] bytes, int start, int end) {
        byte[] packet = java.util.Arrays.copyOfRange(bytes, start, end);
        for (int zeroed : new int[] {5, 10, 11, 20, 21, 22, 23}) {
            packet[zeroed] = 0;
        }
        ByteBuffer.wrap(bytes).putInt(start + 20, crcOf(packet, 0, packet.length));
    }
}
