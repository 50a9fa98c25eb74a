package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.node.ConfigStamp;

class SetupTest {
    private static final String HOST = "define host {\n host_name h\n}\n";

    @TempDir
    Path directory;

    private Setup read(String sections) throws IOException, ConfException {
        return read("yoda", sections);
    }

    private Setup read(String name, String sections) throws IOException, ConfException {
        Path conf = Files.writeString(
                directory.resolve("merlin.conf"),
                "node_name = " + name + ";\nstate_dir = " + directory + ";\n" + sections);
        return Setup.read(conf, Optional.empty());
    }

    private Path folder() throws IOException {
        return Files.createDirectories(directory.resolve("oconf.d"));
    }

    @Test
    void aNodeWithMastersWaitsUntilTheyBringItsObjects() throws Exception {
        Setup setup = read("master luke { }");
        assertThat(setup.waits()).isTrue();
        assertThat(setup.inventory().size()).isZero();
        assertThat(setup.inventory().stamp()).isEqualTo(ConfigStamp.UNKNOWN);
        Files.createFile(folder().resolve("a.cfg"));
        assertThat(read("master luke { }").waits()).isTrue();
        Files.writeString(folder().resolve("a.cfg"), HOST);
        Setup later = read("master luke { }");
        assertThat(later.waits()).isFalse();
        assertThat(later.inventory().hosts()).isEqualTo(1);
        later.requireSuccessorOf(setup);
    }

    @Test
    void aNodeWithoutMastersHasObjectsOrIsRefused() throws Exception {
        assertThatThrownBy(() -> read("oconf_dir = oconf.d;"))
                .isInstanceOf(ConfException.class)
                .hasMessageContaining("there is neither an object file nor a folder");
        folder();
        assertThatThrownBy(() -> read("oconf_dir = oconf.d;"))
                .isInstanceOf(ConfException.class)
                .hasMessageContaining("this folder has no file *.cfg");
        assertThatThrownBy(() -> read("")).isInstanceOf(ConfException.class).hasMessageContaining("objects.cfg");
    }

    @Test
    void objectsThatVanishAreNotTakenForNone() throws Exception {
        Path file = Files.writeString(folder().resolve("a.cfg"), HOST);
        Setup running = read("master luke { }");
        Files.delete(file);
        Setup next = read("master luke { }");
        assertThatThrownBy(() -> next.requireSuccessorOf(running))
                .isInstanceOf(ConfException.class)
                .hasMessageContaining("it is gone, or empty");
    }

    @Test
    void aRunningSchedulerBecomesNoOtherNode() throws Exception {
        Files.writeString(directory.resolve("objects.cfg"), HOST);
        Setup running = read("");
        Setup next = read("obi", "scheduler { log = elsewhere; interval_length = 1; }");
        assertThatThrownBy(() -> next.requireSuccessorOf(running))
                .isInstanceOf(ConfException.class)
                .hasMessageContaining("node_name is obi now and was yoda when the scheduler started");
        assertThat(next.leftToAStart(running)).containsExactly("log");
    }
}
