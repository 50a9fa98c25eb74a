package org.merlin.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OconfCommandsTest {
    private static final String OBJECTS = """
            define host {
              host_name a
            }
            define host {
              host_name b
            }
            define hostgroup {
              hostgroup_name left
              members a
            }
            define hostgroup {
              hostgroup_name all
              members a,b
            }
            define command {
              command_name obsess
              command_line true
            }
            """;

    @TempDir
    private Path temporary;

    private Path folder;
    private Path conf;

    /** What a command printed, and how it ended. */
    private record Ended(int status, String out, String err) {}

    @BeforeEach
    void configure() throws IOException {
        folder = temporary.toRealPath();
        conf = folder.resolve("merlin.conf");
        merlinConf("");
    }

    private void merlinConf(String more) throws IOException {
        Files.writeString(conf, "node_name = luke;\nstate_dir = " + folder + "/state;\n" + more);
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    }

    private Ended mon(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine mon = MerlinCommand.commandLine(new CliContext(Map.of("MERLIN_CONF", conf.toString())));
        mon.setOut(new PrintWriter(out, true));
        mon.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(arguments));
        return new Ended(mon.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    // --- hash, changed, files
    // ------------------------------------------------------------------------------------------

    @Test
    void anObjectConfigurationIsHashedWithoutMerlinConf() throws IOException {
        Files.delete(conf);
        write("d/a.cfg", "a");
        Path main = write("nagios.cfg", "cfg_dir=d\n");
        for (List<String> place : List.of(List.of("--nagios-cfg=" + main, "oconf"), List.of("oconf"))) {
            List<String> hash = new ArrayList<>(place);
            hash.addAll(List.of("hash", "--nagios-cfg", main.toString()).subList(0, place.size() == 1 ? 3 : 1));
            assertThat(mon(hash.toArray(String[]::new))).isEqualTo(new Ended(0, DigestUtils.sha1Hex("a") + "\n", ""));
        }
        assertThat(mon("oconf", "changed", "--nagios-cfg=" + main)).isEqualTo(new Ended(0, "1000\n", ""));
        assertThat(mon("oconf", "files", "--nagios-cfg=" + main)).isEqualTo(new Ended(0, folder + "/d/a.cfg\n", ""));
        assertThat(mon("oconf", "hash", "-o", "json", "--nagios-cfg=" + main).out())
                .contains("\"sha1\" : \"" + DigestUtils.sha1Hex("a"));
        assertThat(mon("oconf", "changed", "-o", "json", "--nagios-cfg=" + main).out())
                .contains("\"newest_mtime_seconds\" : 1000");
        assertThat(mon("oconf", "files", "-o", "json", "--nagios-cfg=" + main).out())
                .contains("[ \"" + folder + "/d/a.cfg\" ]");
    }

    @Test
    void theMainConfigurationIsThatOfMerlinConf() throws IOException {
        write("etc/a.cfg", "a");
        merlinConf("scheduler_config = " + write("etc/nagios.cfg", "cfg_file=a.cfg\n") + ";\n");
        assertThat(mon("oconf", "hash").out()).isEqualTo(DigestUtils.sha1Hex("a") + "\n");
    }

    @Test
    void theEmbeddedSchedulersObjectsAreHashedWhereNoOtherIsNamed() throws IOException {
        write("state/objects.cfg", OBJECTS);
        assertThat(mon("oconf", "hash").out()).isEqualTo(DigestUtils.sha1Hex(OBJECTS) + "\n");
    }

    @Test
    void saysWhatToSetWhereNothingSaysWhereTheObjectsAre() {
        assertThat(mon("oconf", "hash"))
                .isEqualTo(new Ended(
                        78,
                        "",
                        conf + ": there is no scheduler_config, and no " + folder
                                + "/state/objects.cfg of an embedded scheduler: set scheduler_config, or give"
                                + " --nagios-cfg=FILE\n"));
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path main = write("nagios.cfg", "cfg_file=gone.cfg\n");
        assertThat(mon("oconf", "hash", "--nagios-cfg=" + main))
                .isEqualTo(new Ended(1, "", "mon: " + folder + "/gone.cfg is not there\n"));
        assertThat(mon("oconf", "hash", "--nagios-cfg=" + folder + "/none.cfg").status())
                .isEqualTo(1);
    }

    // --- split
    // ---------------------------------------------------------------------------------------------------------

    private void pollers() throws IOException {
        merlinConf("""
                poller left { address = 127.0.0.1; hostgroup = left; }
                poller both { address = 127.0.0.2; hostgroup = all; }
                poller none { address = 127.0.0.3; hostgroup = nothing; }
                peer leia { address = 127.0.0.4; }
                """);
        write("cache", OBJECTS);
        write("nagios.cfg", "cfg_dir=d\nobject_cache_file=old\nobject_cache_file=cache\nocsp_command=obsess!1\n");
        write("d/a.cfg", "");
    }

    @Test
    void aPollersPartIsWrittenAtOneMomentWithTheTimeOfTheConfiguration() throws IOException {
        pollers();
        Path output = write("left.cfg", "old");
        Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rw-r-----"));
        Ended ended = mon("--nagios-cfg=" + folder + "/nagios.cfg", "oconf", "split", "left", "--output=" + output);
        assertThat(ended)
                .isEqualTo(
                        new Ended(0, "", "warning: host 'a' is in the parts of both and of left: both check them\n"));
        assertThat(Files.readString(output))
                .contains("\tmembers\ta\n", "obsess")
                .doesNotContain("\tb\n");
        assertThat(Files.getLastModifiedTime(output).toMillis()).isEqualTo(1_000_000);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-r-----");
        assertThat(folder.resolve(".left.cfg.merlin-new")).doesNotExist();
    }

    @Test
    void theCacheIsTheOneThatIsNamed() throws IOException {
        pollers();
        Path output = folder.resolve("out.cfg");
        Path other = write("other", OBJECTS.replace("members a\n", "members b\n"));
        assertThat(mon("oconf", "split", "left", "--object-cache=" + other, "--output=" + output)
                        .status())
                .isZero();
        assertThat(Files.readString(output)).contains("\thost_name\tb\n").doesNotContain("obsess");
        assertThat(mon("--object-cache=" + other, "oconf", "split", "left", "--output=" + output)
                        .status())
                .isZero();
    }

    @Test
    void theEmbeddedSchedulersFilesAreCutWhereNoOtherIsNamed() throws IOException {
        pollers();
        write("state/objects.cfg", OBJECTS);
        Path output = folder.resolve("out.cfg");
        assertThat(mon("oconf", "split", "both", "--output", output.toString()).status())
                .isZero();
        assertThat(Files.readString(output)).contains("\tmembers\ta,b\n");
    }

    @Test
    void onlyPollersHaveAPart() throws IOException {
        pollers();
        assertThat(mon("oconf", "split", "yoda"))
                .isEqualTo(new Ended(64, "", "mon: yoda is no node of " + conf + "; pollers are left, both, none\n"));
        assertThat(mon("oconf", "split", "leia"))
                .isEqualTo(new Ended(
                        64, "", "mon: leia is a peer, and only pollers get a part; pollers are left, both, none\n"));
        assertThat(mon("oconf", "split").status()).isEqualTo(64);
    }

    @Test
    void nothingIsWrittenWhereNoHostIsLeft() throws IOException {
        pollers();
        Path output = folder.resolve("none.cfg");
        Ended ended = mon("--nagios-cfg=" + folder + "/nagios.cfg", "oconf", "split", "none", "--output=" + output);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err())
                .contains("warning: none: there is no hostgroup 'nothing'\n")
                .endsWith("mon: none: its hostgroups hold no host: nothing was written\n");
        assertThat(output).doesNotExist();
    }

    @Test
    void namesWhatIsWrongWithTheSource() throws IOException {
        pollers();
        String main = "--nagios-cfg=" + folder + "/nagios.cfg";
        write("cache", "define host {\nuse x\n}\n");
        Ended templates = mon(main, "oconf", "split", "left");
        assertThat(templates.status()).isEqualTo(78);
        assertThat(templates.err()).startsWith(folder + "/cache:1: 'use' and 'register' belong to templates");
        Files.delete(folder.resolve("cache"));
        assertThat(mon(main, "oconf", "split", "left"))
                .isEqualTo(new Ended(
                        1,
                        "",
                        "mon: " + folder + "/cache is not there: the scheduler writes it when it starts;"
                                + " --object-cache=FILE names another\n"));
        write("nagios.cfg", "cfg_dir=d\n");
        assertThat(mon(main, "oconf", "split", "left"))
                .isEqualTo(new Ended(
                        78,
                        "",
                        folder + "/nagios.cfg: there is no object_cache_file: set it, or give --object-cache=FILE\n"));
    }

    // --- poller-fix
    // ----------------------------------------------------------------------------------------------------

    private static final String MASTER = "master yoda { address = 127.0.0.1; }\n";

    @Test
    void aPollerReadsNothingButWhatItsMastersSend() throws IOException {
        merlinConf(MASTER + "oconf_dir = " + folder + "/etc/oconf;\n");
        Path main = write("etc/nagios.cfg", "# objects\ncfg_file=a.cfg\n cfg_dir = conf.d\n#cfg_dir=x\nlog_file=l\n");
        Files.setPosixFilePermissions(main, PosixFilePermissions.fromString("rw-r-----"));
        Ended dry = mon("oconf", "poller-fix", main.toString(), "--dry-run");
        assertThat(dry.status()).isZero();
        assertThat(dry.out()).contains("-cfg_file=a.cfg\n+#cfg_file=a.cfg\n", "A dry run: nothing was changed.");
        assertThat(Files.readString(main)).startsWith("# objects\ncfg_file=a.cfg\n");

        Ended ended = mon("oconf", "poller-fix", main.toString());
        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains(main + ": comments out line 2, cfg_file=a.cfg\n")
                .contains(main + ": comments out line 3, cfg_dir=conf.d\n")
                .contains(main + ": adds cfg_file=oconf/from-master.cfg\n");
        assertThat(ended.err())
                .isEqualTo("warning: " + folder + "/etc/oconf/from-master.cfg is not there yet: the scheduler does not"
                        + " start before a master has sent it\n");
        String fixed = """
                # objects
                #cfg_file=a.cfg
                # cfg_dir = conf.d
                # merlin: added by 'mon oconf poller-fix'
                cfg_file=oconf/from-master.cfg
                #cfg_dir=x
                log_file=l
                """;
        assertThat(Files.readString(main)).isEqualTo(fixed);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(main)))
                .isEqualTo("rw-r-----");

        assertThat(mon("--nagios-cfg=" + main, "oconf", "poller-fix").out()).endsWith("Nothing to change.\n");
        assertThat(Files.readString(main)).isEqualTo(fixed);
    }

    @Test
    void theLineOfTheOriginalStays() throws IOException {
        merlinConf(MASTER + "oconf_dir = " + folder + "/etc/oconf;\n");
        Path main = write("etc/nagios.cfg", "cfg_dir=conf.d\ncfg_file=./oconf/from-master.cfg\n");
        merlinConf(MASTER + "oconf_dir = " + folder + "/etc/oconf;\nscheduler_config = " + main + ";\n");
        assertThat(mon("oconf", "poller-fix").status()).isZero();
        assertThat(Files.readString(main)).isEqualTo("#cfg_dir=conf.d\ncfg_file=./oconf/from-master.cfg\n");
    }

    @Test
    void aLineOfTheWholeFolderThatMastersWriteStays() throws IOException {
        merlinConf(MASTER + "oconf_dir = " + folder + "/etc/oconf;\n");
        Path main = write("etc/nagios.cfg", "cfg_dir=conf.d\ncfg_dir=oconf\ncfg_file=oconf/from-master.cfg\n");
        assertThat(mon("oconf", "poller-fix", main.toString()).status()).isZero();
        assertThat(Files.readString(main))
                .isEqualTo("#cfg_dir=conf.d\n#cfg_dir=oconf\ncfg_file=oconf/from-master.cfg\n");
        write("etc/nagios.cfg", "cfg_dir=conf.d\ncfg_dir=oconf\n");
        assertThat(mon("oconf", "poller-fix", main.toString()).status()).isZero();
        assertThat(Files.readString(main)).isEqualTo("#cfg_dir=conf.d\ncfg_dir=oconf\n");
    }

    @Test
    void aFileElsewhereIsNamedInFull() throws IOException {
        merlinConf(MASTER);
        Path main = write("etc/nagios.cfg", "log_file=l");
        assertThat(mon("oconf", "poller-fix", main.toString(), "-o", "json").out())
                .contains("\"changed\" : true")
                .contains("\"problem\" : \"\"");
        assertThat(Files.readString(main))
                .isEqualTo("log_file=l\n# merlin: added by 'mon oconf poller-fix'\ncfg_file=" + folder
                        + "/state/oconf.d/from-master.cfg");
    }

    @Test
    void aNodeWithoutMastersKeepsItsObjects() throws IOException {
        Path main = write("nagios.cfg", "cfg_dir=conf.d\n");
        assertThat(mon("oconf", "poller-fix", main.toString()))
                .isEqualTo(new Ended(
                        75, "", "mon: " + conf + " names no master: this is no poller, and keeps its own objects\n"));
        assertThat(Files.readString(main)).isEqualTo("cfg_dir=conf.d\n");
        merlinConf(MASTER);
        assertThat(mon("oconf", "poller-fix").status()).isEqualTo(78);
        assertThat(mon("oconf", "poller-fix", folder + "/none").status()).isEqualTo(1);
    }
}
