package org.merlin.module.quartz.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.node.ConfigStamp;

class ObjectFilesTest {
    private static final String HOST = "define host {\n host_name h\n}\n";

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void aFolderIsOneConfigurationOfAllItsFiles() throws Exception {
        file("b/deep/er/hosts.cfg", HOST + "define host {\n host_name g\n parents h\n}\n");
        file("services.cfg", "define service {\n host_name h\n service_description s\n check_command c\n}\n");
        file("a.cfg", "define command {\n command_name c\n command_line true\n}");
        file("empty.cfg", "");
        file("notes.txt", "no configuration");
        Inventory inventory = Inventory.read(folder);
        assertThat(inventory.all()).extracting(object -> object.name().name()).containsExactly("g", "h", "h;s");
        assertThat(inventory.get(2).command()).isPresent();
    }

    @Test
    void aLinkToAFolderIsFollowedButNoneBelowIt() throws Exception {
        file("real/a.cfg", HOST);
        file("other/b.cfg", HOST);
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
        Files.createSymbolicLink(folder.resolve("real/loop"), Path.of("../other"));
        assertThat(Inventory.read(link).hosts()).isEqualTo(1);
        assertThat(ObjectFiles.isThere(link)).isTrue();
    }

    @Test
    void itIsKnownByTheContentsOfItsFilesInOrderAndTheNewestTime() throws Exception {
        Path second = file("b.cfg", "# second\n");
        Path first = file("a/z.cfg", "# first\n");
        Files.setLastModifiedTime(first, FileTime.fromMillis(2_000_900));
        Files.setLastModifiedTime(second, FileTime.fromMillis(1_000_000));
        assertThat(Inventory.read(folder).stamp())
                .isEqualTo(new ConfigStamp(DigestUtils.sha1Hex("# first\n# second\n"), 2000));
        assertThat(Inventory.read(first).stamp()).isEqualTo(new ConfigStamp(DigestUtils.sha1Hex("# first\n"), 2000));
    }

    @Test
    void problemsNameTheFileThatTheyAreIn() throws IOException {
        file("a.cfg", HOST);
        file("b/c.cfg", "\ndefine host {\n host_name h\n}\ndefine host {\n host_name i\n parents j\n");
        file("d.cfg", "host_name\ndefine host {\n host_name k\n notes 1\n notes 2\n}\n");
        ConfException e = catchThrowableOfType(ConfException.class, () -> Inventory.read(folder));
        assertThat(e.getMessage().lines())
                .containsExactly(
                        "b/c.cfg:2: host 'h' is there twice, first in line 1 of a.cfg",
                        "b/c.cfg:5: the block of this host is not closed: '}' is missing",
                        "d.cfg:1: 'host_name' is outside of any block; expected 'define TYPE {'",
                        "d.cfg:5: warning: notes is set twice, first in line 4; this one counts");
    }

    @Test
    void nothingIsThereWhereAllFilesAreEmpty() throws Exception {
        assertThat(ObjectFiles.isThere(folder.resolve("none"))).isFalse();
        assertThat(ObjectFiles.isThere(folder)).isFalse();
        Path file = file("a.cfg", "");
        assertThat(ObjectFiles.isThere(folder)).isFalse();
        assertThat(ObjectFiles.isThere(file)).isFalse();
        file("b/c.cfg", "#");
        assertThat(ObjectFiles.isThere(folder)).isTrue();
        assertThatThrownBy(() -> Inventory.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }
}
