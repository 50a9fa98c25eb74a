package org.merlin.daemon.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerUserTest {
    private static final int NOBODY = 65_534;

    @TempDir
    private Path folder;

    private Path file;
    private final SchedulerUser stranger = new SchedulerUser("anna", "staff", NOBODY, Set.of(NOBODY));

    @BeforeEach
    void layOut() throws IOException {
        mode(folder, "rwxr-xr-x");
        file = Files.createFile(folder.resolve("x.jar"));
        mode(file, "rw-r--r--");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private SchedulerUser member() throws IOException {
        return new SchedulerUser("anna", "staff", NOBODY, Set.of((Integer) Files.getAttribute(file, "unix:gid")));
    }

    @Test
    void goesByOwnerThenGroupThenTheRest() throws IOException {
        assertThat(stranger.cannotRead(file)).isEmpty();
        mode(file, "rw-r-----");
        assertThat(stranger.cannotRead(file).orElseThrow())
                .contains("anna cannot read ")
                .contains("chmod g+r");
        assertThat(member().cannotRead(file)).isEmpty();
        mode(file, "rw----r--");
        assertThat(member().cannotRead(file)).isPresent();
        int uid = (Integer) Files.getAttribute(file, "unix:uid");
        assertThat(new SchedulerUser("me", "staff", uid, Set.of()).cannotRead(file))
                .isEmpty();
    }

    @Test
    void namesTheFolderThatBarsTheWay() throws IOException {
        mode(folder, "rwxr-x---");
        assertThat(stranger.cannotRead(file).orElseThrow()).contains("cannot enter " + folder.toRealPath());
        assertThat(member().cannotRead(file)).isEmpty();
    }

    @Test
    void aFolderToWriteInIsTheUsersOwn() throws IOException {
        assertThat(stranger.cannotWriteIn(folder).orElseThrow()).contains("chown -R anna:staff " + folder.toRealPath());
        mode(folder, "rwxrwxr-x");
        assertThat(member().cannotWriteIn(folder)).isEmpty();
        assertThat(stranger.cannotWriteIn(folder.resolve("none")).orElseThrow())
                .contains("install -d -o anna -g staff");
    }

    @Test
    void isAskedForFromTheSystem() throws Exception {
        assertThat(SchedulerUser.find("root", "root").orElseThrow().uid()).isZero();
        assertThat(SchedulerUser.find("nobody-of-this-name", "root")).isEmpty();
        assertThat(SchedulerUser.find("root", "no-group-of-this-name")).isEmpty();
    }
}
