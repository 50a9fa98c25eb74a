package org.merlin.module.quartz.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.module.Broker.CommentKind;
import org.merlin.module.Memory;
import org.merlin.module.quartz.Said;
import org.merlin.module.quartz.notes.Note;
import org.merlin.module.quartz.notes.Notes;
import org.merlin.module.quartz.notes.Outage;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.StateType;

class RetentionTest {
    private static Retained retained(String text, long number) {
        ObjectState state = new ObjectState(
                true,
                2,
                StateType.SOFT,
                3,
                CheckType.PASSIVE,
                new Output(text, "long\n" + text, "a=1\tb=2"),
                new Timing(number, number + 1, 2, 3, 4),
                1,
                5,
                new ObjectState.Hard(1, 6),
                new LastTimes(7, 8, 9, 10),
                new ObjectState.Ids(11, 12, 13, 14),
                new ObjectState.Flaps(true, 12.5, number),
                new NotificationCount(15, 16, 17, 6, true),
                18);
        return new Retained(
                new Memory(
                        List.of(new Memory.Applied(number, -2, 5, 6), new Memory.Applied(-1, 4, 7, 8)),
                        1,
                        2,
                        3,
                        4,
                        number),
                new Retained.Executing(true, false),
                Map.of("h;" + text, new Retained.Kept(state, 99, Optional.of(false))),
                notes(text, number),
                List.of(new Register(Register.Subject.SERVICE, "h", text, "check_command", text)));
    }

    private static Notes.Kept notes(String text, long number) {
        MonitoredObject object = MonitoredObject.ofService("h", "s");
        Comment comment = new Comment(object, number, text, text, true, 1, 2);
        Downtime downtime = new Downtime(object, 1, text, text, 2, number, true, 4, EventName.NONE);
        return new Notes.Kept(
                List.of(new Note(number, -1, CommentKind.USER, comment)),
                5,
                List.of(new Outage(7, -1, downtime, 3, 4, number)),
                8,
                List.of(new Acknowledgement(object, true, 0, 0, true, false, true, text, text, 1, number)));
    }

    @Property
    void readsWhatItWrote(@ForAll String text, @ForAll long number) throws IOException, DamagedException {
        // a lone surrogate is no text: no byte sequence stands for it
        String encodable = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Retained before = retained(encodable, number);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RetentionFormat.write(before, out);
        assertThat(RetentionFormat.read(out.toByteArray())).isEqualTo(before);
    }

    @Test
    void replacesTheFile(@TempDir Path directory) throws IOException {
        Retention retention = new Retention(directory.resolve("retention.dat"));
        assertThat(retention.read()).isEqualTo(Retained.NOTHING);
        retention.write(retained("a", 1));
        retention.write(retained("b", 2));
        assertThat(retention.read()).isEqualTo(retained("b", 2));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void setsADamagedFileAside(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("retention.dat");
        Retention retention = new Retention(file);
        retention.write(retained("a", 1));
        byte[] bytes = Files.readAllBytes(file);
        for (int at : new int[] {0, bytes.length / 2, bytes.length - 3}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThat(refused(retention)).as("byte %d", at).isEqualTo(Retained.NOTHING);
            assertThat(file).doesNotExist();
            assertThat(aside(directory)).as("byte %d", at).contains(damaged);
        }
        for (int length : new int[] {0, 10, bytes.length / 2, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThat(refused(retention)).as("length %d", length).isEqualTo(Retained.NOTHING);
        }
    }

    private static Retained refused(Retention retention) throws IOException {
        try (Said said = Said.by(Retention.class.getName())) {
            Retained retained = retention.read();
            assertThat(said.lines()).singleElement().asString().startsWith("MRL-3010 the retention file is damaged");
            return retained;
        }
    }

    private static List<byte[]> aside(Path directory) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "retention.dat.damaged-*")) {
            for (Path file : files) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }
}
