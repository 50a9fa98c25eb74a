package org.merlin.protocol.oconf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.node.ConfigStamp;

class ConfigFilesTest {
    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void followsLinksOfTheTestFolderItself() throws IOException {
        folder = temporary.toRealPath();
    }

    private Path write(String name, String text, long seconds) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1000));
    }

    private ConfigFiles of(String main) throws IOException {
        return ConfigFiles.of(write("nagios.cfg", main, 999));
    }

    private List<String> names(String main) throws IOException {
        return of(main).files().stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }

    @Test
    void hashesTheContentsOfAllObjectFilesInTheOrderOfTheirPaths() throws IOException {
        write("b/z.cfg", "z", 100);
        write("b/deep/er/y.cfg", "y", 300);
        write("b/note.txt", "not", 900);
        write("a.cfg", "a", 200);
        Path main = write("nagios.cfg", "# main\ncfg_dir=b\nlog_file=x.log\ncfg_file=a.cfg\n", 999);
        assertThat(ConfigFiles.of(main).stamp()).isEqualTo(new ConfigStamp(DigestUtils.sha1Hex("ayz"), 300));
        assertThat(ConfigFiles.stampOf(main)).isEqualTo(new ConfigStamp(DigestUtils.sha1Hex("ayz"), 300));
    }

    @Test
    void goesTwoFoldersDeepBelowACfgDir() throws IOException {
        write("d/0.cfg", "", 1);
        write("d/1/1.cfg", "", 1);
        write("d/1/2/2.cfg", "", 1);
        write("d/1/2/3/3.cfg", "", 1);
        assertThat(names("cfg_dir=d\n")).containsExactly("d/0.cfg", "d/1/1.cfg", "d/1/2/2.cfg");
    }

    @Test
    void countsAFileTwiceThatIsNamedTwice() throws IOException {
        write("d/a.cfg", "a", 1);
        String twice = "cfg_file=d/a.cfg\ncfg_dir=d\n";
        assertThat(names(twice)).containsExactly("d/a.cfg", "d/a.cfg");
        assertThat(of(twice).sha1()).isEqualTo(DigestUtils.sha1Hex("aa"));
    }

    @Test
    void takesHiddenFilesAndNothingThatDoesNotEndInCfg() throws IOException {
        write("d/.hidden.cfg", "", 1);
        write("d/.cfg", "", 1);
        write("d/.git/in.cfg", "", 1);
        write("d/a.CFG", "", 1);
        write("d/a.cfg~", "", 1);
        write("d/a.cfg.rpmnew", "", 1);
        assertThat(names("cfg_dir=d\n")).containsExactly("d/.cfg", "d/.git/in.cfg", "d/.hidden.cfg");
    }

    @Test
    void followsLinksAndSortsByWhereFoldersReallyAre() throws IOException {
        write("elsewhere/a.cfg", "a", 1);
        write("d/b.cfg", "b", 1);
        Files.createSymbolicLink(folder.resolve("d/a-link"), folder.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("d/z.cfg"), folder.resolve("elsewhere/a.cfg"));
        Files.createSymbolicLink(folder.resolve("d/dangling.cfg"), folder.resolve("gone"));
        assertThat(names("cfg_dir=d\n")).containsExactly("d/b.cfg", "d/z.cfg", "elsewhere/a.cfg");
    }

    @Test
    void aLinkedMainConfigurationNamesFilesBelowTheFolderWhereItReallyIs() throws IOException {
        write("etc/a.cfg", "a", 1);
        write("etc/nagios.cfg", "cfg_file=./x/../a.cfg\n", 1);
        Path link = Files.createSymbolicLink(folder.resolve("nagios.cfg"), folder.resolve("etc/nagios.cfg"));
        assertThat(ConfigFiles.of(link).files()).containsExactly(folder.resolve("etc/a.cfg"));
    }

    @Test
    void aFolderThatLinksToItselfEnds() throws IOException {
        write("d/a.cfg", "a", 1);
        Files.createSymbolicLink(folder.resolve("d/loop"), folder.resolve("d"));
        assertThat(names("cfg_dir=d\n")).containsExactly("d/a.cfg", "d/a.cfg", "d/a.cfg");
    }

    @Test
    void readsLinesAsTheOriginalDoes() throws IOException {
        write("a.cfg", "a", 1);
        assertThat(names("cfg_file=a.cfg \t\r\n")).containsExactly("a.cfg");
        assertThat(names("#cfg_file=a.cfg\n cfg_file=a.cfg\ncfg_file = a.cfg\ninclude_dir=x\n"))
                .isEmpty();
        assertThat(names("cfg_file= a.cfg\n")).containsExactly(" a.cfg");
        assertThat(names("cfg_file=a.cfg")).containsExactly("a.cfg");
    }

    @Test
    void sortsNamesByTheirBytes() throws IOException {
        write("d/B.cfg", "", 1);
        write("d/a.cfg", "", 1);
        write("d/a/x.cfg", "", 1);
        write("d/a-b.cfg", "", 1);
        assertThat(names("cfg_dir=d/\n")).containsExactly("d/B.cfg", "d/a-b.cfg", "d/a.cfg", "d/a/x.cfg");
    }

    @Test
    void lettersOfAnotherCharacterSetInCommentsDoNotMatter() throws IOException {
        write("a.cfg", "\u00e4", 1);
        Path main = folder.resolve("nagios.cfg");
        Files.write(main, "# M\u00e4rz\ncfg_file=a.cfg\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(ConfigFiles.of(main).sha1()).isEqualTo(DigestUtils.sha1Hex("\u00e4"));
    }

    @Test
    void aConfigurationWithoutObjectFilesHasTheHashOfNothing() throws IOException {
        assertThat(of("# none\n").stamp()).isEqualTo(new ConfigStamp(DigestUtils.sha1Hex(""), 0));
    }

    @Test
    void theEmbeddedSchedulersAreAFileOrAllBelowAFolder() throws IOException {
        write("e/b.cfg", "b", 100);
        write("e/1/2/3/4/a.cfg", "a", 200);
        write("e/c.txt", "c", 300);
        assertThat(ConfigFiles.at(folder.resolve("e")).stamp())
                .isEqualTo(new ConfigStamp(DigestUtils.sha1Hex("ab"), 200));
        assertThat(ConfigFiles.at(folder.resolve("e/c.txt")).files()).containsExactly(folder.resolve("e/c.txt"));
        assertThatThrownBy(() -> ConfigFiles.at(folder.resolve("f"))).hasMessage(folder.resolve("f") + " is not there");
    }

    @Test
    void namesWhatCannotBeRead() throws IOException {
        Path main = write("nagios.cfg", "log_file=x\ncfg_dir=gone\n", 1);
        assertThatThrownBy(() -> ConfigFiles.of(main))
                .isInstanceOf(IOException.class)
                .hasMessage(main + ":2: cfg_dir=gone: " + folder.resolve("gone") + " is not there");
        assertThatThrownBy(() -> ConfigFiles.of(folder.resolve("no.cfg")))
                .hasMessage(folder.resolve("no.cfg") + " is not there");
        ConfigFiles missing = of("cfg_file=gone.cfg\n");
        assertThat(missing.files()).containsExactly(folder.resolve("gone.cfg"));
        assertThatThrownBy(missing::sha1).hasMessage(folder.resolve("gone.cfg") + " is not there");
        assertThatThrownBy(missing::newestMtimeSeconds).hasMessage(folder.resolve("gone.cfg") + " is not there");
        assertThat(ConfigFiles.stampOf(folder.resolve("nagios.cfg"))).isEqualTo(ConfigStamp.UNKNOWN);
    }
}
