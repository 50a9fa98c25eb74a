package org.merlin.tests.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Splitter;

/** The flat object file out of which a poller's part is cut. */
class ObjectFileFuzzTest {
    private static final String SEED = """
            define hostgroup {
            \thostgroup_name\tg
            \tmembers\th,k
            }
            define host {
            \thost_name\th
            \tparents\tk
            \tcheck_command\tc!a\\;b
            }
            define host {
            \thost_name\tk
            \tcontact_groups\tcg ; why
            }
            define service {
            \thost_name\th
            \tservice_description\ts
            }
            define contactgroup {
            \tcontactgroup_name\tcg
            }
            define timeperiod {
            \ttimeperiod_name\tt
            \texclude\tt
            \tmonday 1 may\t00:00-24:00
            }
            define servicegroup {
            \tservicegroup_name\tsg
            \tservicegroup_members\tsg
            \tmembers\th,s
            }
            define hostdependency {
            \thost_name\th
            \tdependent_hostgroup_name\tg
            }
            """;

    static Stream<byte[]> seeds() {
        return Stream.of(SEED.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void aFileIsReadOrRefusedAndReadAgainTheSame(byte[] input) {
        List<String> lines = new String(input, StandardCharsets.UTF_8).lines().toList();
        Optional<ObjectFile> read = Hostile.decode(
                input.length, 1024, ObjectFile.SyntaxException.class, () -> ObjectFile.parse("o", lines));
        if (read.isEmpty()) {
            return;
        }
        String text = read.get().text();
        String again = Hostile.decode(
                        text.length(),
                        1024,
                        ArithmeticException.class,
                        () -> ObjectFile.parse("o", text.lines().toList()).text())
                .orElseThrow();
        if (!again.equals(text)) {
            throw new AssertionError("written and read again it is another: " + text + " -> " + again);
        }
        Hostile.decode(text.length(), 4096, ObjectFile.SyntaxException.class, () -> cut(text));
    }

    private static Object cut(String text) throws IOException, ObjectFile.SyntaxException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Splitter.read("o", new ByteArrayInputStream(bytes), List.of())
                .part(List.of("g"))
                .bytes();
    }
}
