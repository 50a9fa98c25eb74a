package org.merlin.module.quartz.retention;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.tests.fuzz.Hostile;

/** The embedded scheduler's retention file, all but its last line, which holds the checksum of the others. */
class RetentionFuzzTest {
    private static final String SEED = """
            merlin-retention 1
            memory\t1\t2\t3\t4\t5
            applied\tfffffffffffffff9\t4294967294\t5\t6
            shared\there\\tCOMMENT
            executing\ttrue\tfalse
            set\tSERVICE\th\ts\tcheck_interval\t5
            numbers\t5\t8
            comment\t1\tUSER\th;s\t2\tanna\twhy\ttrue\t1\t2
            downtime\t7\th\t1\tanna\twhy\t2\t3\ttrue\t4\t3\t4\t5
            acknowledged\th;s\ttrue\tfalse\ttrue\tanna\tmine\t1\t2
            object\th;s\tchecked=true\tstate=2\ttype=SOFT\tattempt=3\tby=PASSIVE\ttext=bad\tlong=a\\nb\tperf=x=1\ttiming=1,2,3,4,5\t\
            last=1,5\thard=1,6\ttimes=7,8,9,10\tids=11,12,13,14\tnotified=15,16,17\ttold=6,1\tflaps=1,18\tpercent=12.5\trevision=18\t\
            due=99\tactive=false
            """;

    static Stream<byte[]> seeds() {
        return Stream.of(SEED.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] withEnd(byte[] lines) {
        String crc = Long.toHexString(Integer.toUnsignedLong(Hostile.crcOf(lines, 0, lines.length)));
        return Hostile.concat(lines, ("end\t" + crc + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aFileIsReadOrSaysWhereItIsDamaged(byte[] input) {
        byte[] lines =
                input.length > 0 && input[input.length - 1] != '\n' ? Hostile.concat(input, new byte[] {'\n'}) : input;
        byte[] file = withEnd(lines);
        Optional<Retained> read =
                Hostile.decode(file.length, 256, DamagedException.class, () -> RetentionFormat.read(file));
        read.ifPresent(
                retained -> Hostile.staysTheSame(retained, RetentionFuzzTest::write, RetentionFuzzTest::readAgain));
        Hostile.decode(lines.length, 256, DamagedException.class, () -> RetentionFormat.read(lines));
        Hostile.decode(
                file.length,
                256,
                DamagedException.class,
                () -> RetentionFormat.read(Arrays.copyOf(file, file.length - 1)));
    }

    private static byte[] write(Retained retained) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            RetentionFormat.write(retained, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static Retained readAgain(byte[] written) {
        try {
            return RetentionFormat.read(written);
        } catch (DamagedException e) {
            throw new AssertionError("what we wrote is refused", e);
        }
    }
}
