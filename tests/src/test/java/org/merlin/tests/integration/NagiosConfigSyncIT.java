package org.merlin.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The object configuration's sync among real Nagios. */
class NagiosConfigSyncIT extends ConfigSyncContract {
    @Override
    RealScheduler.Kind kind() {
        return RealScheduler.Kind.NAGIOS;
    }

    @Override
    long schedulerPid(String node) throws IOException {
        return ((RealNagios) cluster.at(node)).process().pid();
    }

    /** What a master's own files have beside the folder, its peer lacks. */
    @Test
    void aChangeThatNeedsACommandThatAPeerLacksIsRefusedInItsSchedulersWords() throws Exception {
        begin();
        Path main = ((RealNagios) cluster.at("m1")).config();
        Path local = Files.writeString(
                cluster.node("m1").folder().resolve("local.cfg"),
                "define command {\n command_name local\n command_line /bin/true\n}\n");
        Files.writeString(main, Files.readString(main) + "cfg_file=" + local + "\n");
        String before = objectsOf("m2");
        Files.writeString(
                conf("m1").resolve("new.cfg"),
                host("o2", "own").replace("check_command check!o2\n", "check_command local\n"));
        RealNode.Ended push = mon("m1", "oconf", "push");
        assertThat(push.status()).isEqualTo(1);
        assertThat(push.out()).contains("m2 refuses it:", "'local'", "nobody runs it");
        assertThat(objectsOf("m2")).isEqualTo(before);
        cluster.twoRounds("e1;s", "a1;s", "o1;s");
    }

    @Override
    void readFolder(String node, Path objects) throws IOException {
        Files.createDirectories(objects);
        Path main = ((RealNagios) cluster.at(node)).config();
        Files.writeString(main, Files.readString(main).replaceAll("cfg_file=.*", "cfg_dir=" + objects));
    }
}
