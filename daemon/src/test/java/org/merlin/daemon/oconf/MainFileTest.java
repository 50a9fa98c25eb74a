package org.merlin.daemon.oconf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainFileTest {
    @TempDir
    private Path etc;

    private MainFile main(String text) throws IOException {
        return MainFile.read(Files.writeString(etc.resolve("nagios.cfg"), text));
    }

    @Test
    void aCopyReadsTheOtherFolderAndAllElseWhereItIs() throws IOException {
        Path folder = Files.createDirectories(etc.resolve("conf.d"));
        MainFile main =
                main("# note\nlog_file=x.log\ncfg_dir=conf.d\ncfg_file=conf.d/sub/a.cfg\ncfg_file=commands.cfg\n"
                        + "resource_file=resource.cfg\nbroker_module=/x/merlin.so y\n");
        assertThat(main.with(folder, Path.of("/staged")).orElseThrow())
                .containsExactly(
                        "# note",
                        "log_file=x.log",
                        "cfg_dir=/staged",
                        "cfg_file=/staged/sub/a.cfg",
                        "cfg_file=" + etc.resolve("commands.cfg"),
                        "resource_file=" + etc.resolve("resource.cfg"));
    }

    @Test
    void aFolderInsideOfOneThatIsReadIsTakenOutOfIt() throws IOException {
        Path folder = Files.createDirectories(etc.resolve("all/mine"));
        Files.writeString(etc.resolve("all/other.cfg"), "");
        Files.writeString(folder.resolve("own.cfg"), "");
        assertThat(main("cfg_dir=all\n").with(folder, Path.of("/staged")).orElseThrow())
                .containsExactly("cfg_dir=/staged", "cfg_file=" + etc.resolve("all/other.cfg"));
    }

    @Test
    void aFolderThatNothingLeadsToIsTold() throws IOException {
        assertThat(main("cfg_file=a.cfg\n").with(etc.resolve("conf.d"), Path.of("/staged")))
                .isEmpty();
    }
}
