package org.merlin.module.nagios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.node.ConfigStamp;

class ConfigFilesTest {
    @TempDir
    private Path folder;

    private Path write(String name, String text, long seconds) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1000));
    }

    @Test
    void hashesTheContentsOfAllObjectFilesInTheOrderOfTheirPaths() throws IOException {
        write("b/z.cfg", "z", 100);
        write("b/deep/er/y.cfg", "y", 300);
        write("b/note.txt", "not", 900);
        write("a.cfg", "a", 200);
        Path main = write("nagios.cfg", "# main\ncfg_dir=b\nlog_file=x.log\ncfg_file = a.cfg\n", 999);
        assertThat(ConfigFiles.stamp(main)).isEqualTo(new ConfigStamp(DigestUtils.sha1Hex("ayz"), 300));
    }

    @Test
    void knowsNothingIfAFileCannotBeRead() throws IOException {
        assertThat(ConfigFiles.stamp(write("nagios.cfg", "cfg_file=gone.cfg\n", 1)))
                .isEqualTo(ConfigStamp.UNKNOWN);
    }
}
