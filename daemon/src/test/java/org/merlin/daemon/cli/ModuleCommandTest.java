package org.merlin.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code mon module install} and {@code uninstall} on files of a test's own. The scheduler's user is whoever runs the test. */
class ModuleCommandTest {
    @TempDir
    private Path folder;

    private Path nagiosCfg;
    private Path merlinConf;
    private Path module;
    private String identity;

    /** What a command printed, and how it ended. */
    private record Ended(int status, String out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        PosixFileAttributes mine = Files.readAttributes(folder, PosixFileAttributes.class);
        identity = "nagios_user=" + mine.owner().getName() + "\nnagios_group="
                + mine.group().getName() + "\nretain_state_information=1\n";
        nagiosCfg = nagiosCfg("log_file=/tmp/x\nevent_broker_options=-1\n# the end\n");
        Files.createDirectory(folder.resolve("state"));
        merlinConf = Files.writeString(folder.resolve("merlin.conf"), "node_name = a; state_dir = state;");
        Path modules = Files.createDirectory(folder.resolve("module"));
        module = Files.createFile(modules.resolve("merlin.so"));
        Files.createFile(modules.resolve("merlin-module-nagios-0.1.0.jar"));
    }

    private Path nagiosCfg(String text) throws IOException {
        return Files.writeString(folder.resolve("nagios.cfg"), identity + text, StandardCharsets.ISO_8859_1);
    }

    private Ended mon(String action, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine mon = MerlinCommand.commandLine(new CliContext(Map.of("MERLIN_CONF", merlinConf.toString())));
        mon.setOut(new PrintWriter(out, true));
        mon.setErr(new PrintWriter(err, true));
        List<String> line = new ArrayList<>(List.of("module", action, "--scheduler", "nagios4"));
        line.addAll(List.of(
                "--config",
                nagiosCfg.toString(),
                "--module-dir",
                module.getParent().toString()));
        line.addAll(List.of(more));
        return new Ended(mon.execute(line.toArray(String[]::new)), out.toString(), err.toString());
    }

    private String now() throws IOException {
        return Files.readString(nagiosCfg, StandardCharsets.ISO_8859_1);
    }

    private String line() {
        return "broker_module=" + module + " " + merlinConf;
    }

    private Path backup() {
        return folder.resolve("nagios.cfg.before-merlin");
    }

    @Test
    void addsTheLineThatLoadsTheModuleAndSaysHowToGoOnAndBack() throws IOException {
        String before = now();
        Ended ended = mon("install");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(now())
                .isEqualTo(before.replace(
                        "event_broker_options=-1\n",
                        "event_broker_options=-1\n# merlin: added by 'mon module install', taken out by 'mon module"
                                + " uninstall'\n" + line() + "\n"));
        assertThat(ended.out())
                .contains("+" + line())
                .contains(" -v " + nagiosCfg)
                .contains("systemctl restart nagios4")
                .contains("mon module uninstall --scheduler nagios4 --config " + nagiosCfg)
                .contains(backup().toString());
        assertThat(Files.readString(backup())).isEqualTo(before);
    }

    @Test
    void aSecondInstallationChangesNothingAndSaysSo() throws IOException {
        mon("install");
        String installed = now();
        Ended again = mon("install");
        assertThat(again.status()).isZero();
        assertThat(again.out()).contains("the module is there already").contains("Nothing to change.");
        assertThat(now()).isEqualTo(installed);
    }

    @Test
    void aLineWithOtherValuesIsReplaced() throws IOException {
        nagiosCfg("event_broker_options=-1\nbroker_module=" + module + " /etc/old.conf\nbroker_module=" + module
                + " /etc/older.conf\n");
        Ended ended = mon("install");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("replaces line 5")
                .contains("-broker_module=" + module + " /etc/old.conf")
                .contains("takes out line 6");
        assertThat(now()).contains(line()).doesNotContain("/etc/old");
    }

    @Test
    void theModuleOfTheCOriginalIsRefusedAndTheRemedyNamed() throws IOException {
        nagiosCfg("broker_module=/opt/monitor/op5/merlin/merlin.so /opt/monitor/op5/merlin/merlin.conf\n");
        String before = now();
        Ended ended = mon("install");
        assertThat(ended.status()).isEqualTo(75);
        assertThat(ended.err()).contains(nagiosCfg + ":4").contains("comment it out first");
        assertThat(now()).isEqualTo(before);
        nagiosCfg("#broker_module=/opt/monitor/op5/merlin/merlin.so /opt/monitor/op5/merlin/merlin.conf\n");
        assertThat(mon("install").status()).isZero();
    }

    @Test
    void theModuleOfTheCOriginalIsFoundInIncludedFilesToo() throws IOException {
        Path included = Files.createDirectory(folder.resolve("module-conf.d"));
        Files.writeString(
                included.resolve("merlin.cfg"), "# x\nbroker_module=/usr/lib64/merlin/merlin.so /etc/m.conf\n");
        nagiosCfg("include_dir=module-conf.d\n");
        Ended ended = mon("install");
        assertThat(ended.status()).isEqualTo(75);
        assertThat(ended.err()).contains("merlin.cfg:2");
    }

    @Test
    void otherModulesStay() throws IOException {
        nagiosCfg("broker_module=/usr/lib/livestatus.so /var/live\nevent_broker_options=-1");
        assertThat(mon("install").status()).isZero();
        assertThat(now())
                .contains("broker_module=/usr/lib/livestatus.so /var/live\n")
                .endsWith(line());
    }

    @Test
    void setsEventBrokerOptionsWhereTheyAreMissingOrTooFew() throws IOException {
        for (String options : List.of("", "event_broker_options=0\n", "event_broker_options = 0xf\nlog_file=/tmp/x")) {
            nagiosCfg(options);
            String before = now();
            Ended ended = mon("install");
            assertThat(ended.out()).contains("sets event_broker_options=-1");
            assertThat(now()).contains("\nevent_broker_options=-1\n").contains(line());
            assertThat(mon("uninstall").status()).isZero();
            assertThat(now()).isEqualTo(before);
        }
    }

    @Test
    void leavesEventBrokerOptionsThatSuffice() throws IOException {
        nagiosCfg("event_broker_options=1048575\n");
        mon("install");
        assertThat(now()).contains("event_broker_options=1048575\n").doesNotContain("=-1");
    }

    @Test
    void warnsOfSettingsThatTakeSomethingFromMerlin() throws IOException {
        nagiosCfg("enable_notifications=0\ncheck_external_commands=0\nretain_state_information=0\n");
        Ended ended = mon("install");
        assertThat(ended.status()).isZero();
        assertThat(ended.err())
                .contains("enable_notifications=0: ")
                .contains("check_external_commands=0: ")
                .contains("retain_state_information=1 is missing");
        nagiosCfg("retention_update_interval=0\n");
        assertThat(mon("install").err()).contains("retention_update_interval=0: ");
    }

    @Test
    void warnsOfNothingElse() throws IOException {
        nagiosCfg("cached_host_check_horizon=15\nenable_notifications=1\n");
        assertThat(mon("install").err()).isEmpty();
    }

    @Test
    void aMissingMainConfigurationIsSaidSo() {
        nagiosCfg = folder.resolve("none.cfg");
        for (String action : List.of("install", "uninstall")) {
            Ended ended = mon(action);
            assertThat(ended.status()).isEqualTo(78);
            assertThat(ended.err()).contains("none.cfg is not there").contains("--config");
        }
    }

    @Test
    void aMainConfigurationThatCannotBeReadOrWrittenIsSaidSo() throws IOException {
        boolean root = "root".equals(System.getProperty("user.name")); // who may read and write everything
        Files.setPosixFilePermissions(nagiosCfg, PosixFilePermissions.fromString("r--r--r--"));
        Ended readOnly = mon("install", "--dry-run");
        assertThat(readOnly.status()).isEqualTo(root ? 0 : 78);
        assertThat(readOnly.err()).contains(root ? "" : "cannot be written");
        Files.setPosixFilePermissions(nagiosCfg, PosixFilePermissions.fromString("-w-------"));
        Ended writeOnly = mon("install", "--dry-run");
        assertThat(writeOnly.status()).isEqualTo(root ? 0 : 78);
        assertThat(writeOnly.err()).contains(root ? "" : "cannot be read");
        nagiosCfg = Files.createDirectory(folder.resolve("folder"));
        assertThat(mon("install").status()).isEqualTo(78);
    }

    @Test
    void aMerlinConfThatDoesNotLoadIsToldWithItsLines() throws IOException {
        Files.writeString(merlinConf, "node_name = a;\npulse_intervall = 1;\n");
        String before = now();
        Ended ended = mon("install");
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.err()).contains(merlinConf + ":2: ");
        assertThat(now()).isEqualTo(before);
    }

    @Test
    void aBlankInAPathIsAnError() throws IOException {
        merlinConf = Files.copy(merlinConf, folder.resolve("our merlin.conf"));
        Ended ended = mon("install");
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.err()).contains("our merlin.conf'").contains("blank");
    }

    @Test
    void aMissingModuleOrItsJarsAreSaidSo() throws IOException {
        Files.delete(module.resolveSibling("merlin-module-nagios-0.1.0.jar"));
        Ended ended = mon("install");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("no jars");
        Files.delete(module);
        ended = mon("install");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("merlin.so is not there").contains("--module-dir");
    }

    @Test
    void aSchedulerOfAnUnknownUserIsSaidSo() throws IOException {
        nagiosCfg("nagios_user=nobody-of-this-name\n");
        Ended ended = mon("install");
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.err()).contains("there is no user nobody-of-this-name");
    }

    @Test
    void whatTheSchedulersUserMayNotIsToldWithTheRemedy() throws IOException {
        nagiosCfg("nagios_user=nobody\n");
        Ended ended = mon("install"); // the test's folder is its owner's alone
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("nobody cannot enter " + folder).contains("chmod o+x ");
    }

    @Test
    void aDryRunPrintsTheSameAndChangesNothing() throws IOException {
        String before = now();
        Ended ended = mon("install", "--dry-run");
        assertThat(ended.status()).isZero();
        assertThat(ended.out())
                .contains("--- " + nagiosCfg)
                .contains("@@ line 6 @@")
                .contains("+" + line())
                .contains("nothing was changed");
        assertThat(now()).isEqualTo(before);
        assertThat(backup()).doesNotExist();
        mon("install");
        assertThat(mon("uninstall", "--dry-run").out()).contains("-" + line());
        assertThat(now()).contains(line());
    }

    @Test
    void keepsTheModeAndTheBackupOfTheFirstChange() throws IOException {
        String before = now();
        Files.setPosixFilePermissions(nagiosCfg, PosixFilePermissions.fromString("rw-r-----"));
        mon("install");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(nagiosCfg)))
                .isEqualTo("rw-r-----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup())))
                .isEqualTo("rw-r-----");
        mon("uninstall");
        Files.writeString(nagiosCfg, before + "# changed\n");
        mon("install");
        assertThat(Files.readString(backup())).isEqualTo(before);
        assertThat(folder.toFile().list()).doesNotContain(".nagios.cfg.merlin-new");
    }

    @Test
    void followsALinkToTheConfiguration() throws IOException {
        Path real = Files.move(nagiosCfg, folder.resolve("real.cfg"));
        Files.createSymbolicLink(nagiosCfg, real);
        assertThat(mon("install").status()).isZero();
        assertThat(nagiosCfg).isSymbolicLink();
        assertThat(Files.readString(real)).contains(line());
    }

    @Test
    void uninstallGivesBackEveryByte() throws IOException {
        for (String text : List.of("# caf\u00e9\nevent_broker_options=0", "event_broker_options=-1\n\n", "x=1\r\n")) {
            nagiosCfg(text);
            String before = now();
            assertThat(mon("install").status()).isZero();
            assertThat(now()).isNotEqualTo(before);
            Ended ended = mon("uninstall");
            assertThat(ended.status()).isZero();
            assertThat(ended.out()).contains("takes out line");
            assertThat(now()).isEqualTo(before);
        }
        assertThat(mon("uninstall").out()).contains("is not installed here");
    }

    @Test
    void uninstallLeavesWhatWasChangedSince() throws IOException {
        nagiosCfg("event_broker_options=0\n");
        mon("install");
        Files.writeString(nagiosCfg, now().replace("event_broker_options=-1", "event_broker_options=7"));
        assertThat(mon("uninstall").out()).contains("leaves event_broker_options as it is");
        assertThat(now()).isEqualTo(identity + "event_broker_options=7\n");
    }

    @Test
    void uninstallTakesOutALineThatWasWrittenByHand() throws IOException {
        nagiosCfg(line() + "\n");
        mon("uninstall");
        assertThat(now()).isEqualTo(identity);
    }

    @Test
    void jsonHasTheSameKeysForBoth() throws IOException {
        for (String action : List.of("install", "uninstall")) {
            JsonNode report =
                    new ObjectMapper().readTree(mon(action, "-o", "json").out());
            List<String> keys = new ArrayList<>();
            report.fieldNames().forEachRemaining(keys::add);
            assertThat(keys)
                    .containsExactlyInAnyOrder(
                            "action",
                            "status",
                            "scheduler",
                            "config",
                            "module",
                            "merlin_conf",
                            "dry_run",
                            "changed",
                            "changes",
                            "done",
                            "problems",
                            "warnings",
                            "backup",
                            "next");
            assertThat(report.get("action").asText()).isEqualTo(action);
            assertThat(report.get("changed").asBoolean()).isTrue();
        }
    }

    @Test
    void aSchedulerMustBeNamedAndKnown() {
        CommandLine mon = MerlinCommand.commandLine(new CliContext(Map.of()));
        StringWriter err = new StringWriter();
        mon.setErr(new PrintWriter(err, true));
        assertThat(mon.execute("module", "install")).isEqualTo(64);
        assertThat(mon.execute("module", "uninstall", "--scheduler", "icinga")).isEqualTo(64);
        assertThat(err.toString()).contains("--scheduler must be nagios4 or naemon");
    }
}
