package org.merlin.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MerlinCommandTest {
    @TempDir
    private Path folder;

    /** What a command printed, and how it ended. */
    private record Ended(int status, String out, String err) {}

    private static Ended mon(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine mon = MerlinCommand.commandLine(new CliContext(environment));
        mon.setOut(new PrintWriter(out, true));
        mon.setErr(new PrintWriter(err, true));
        int status = mon.execute(arguments);
        return new Ended(status, out.toString(), err.toString());
    }

    private Ended mon(String... arguments) {
        return mon(Map.of(), arguments);
    }

    private Path conf(String text) throws IOException {
        return Files.writeString(folder.resolve("merlin.conf"), text);
    }

    private static List<List<String>> commands(CommandLine from, List<String> path) {
        List<List<String>> all = new ArrayList<>(List.of(path));
        from.getSubcommands().forEach((name, below) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            all.addAll(commands(below, longer));
        });
        return all;
    }

    @Test
    void everyCommandExplainsItselfAndRefusesWhatItDoesNotKnow() {
        List<List<String>> all = commands(MerlinCommand.commandLine(new CliContext(Map.of())), List.of());
        assertThat(all).hasSizeGreaterThan(10);
        for (List<String> command : all) {
            List<String> help = new ArrayList<>(command);
            help.add("--help");
            Ended explained = mon(help.toArray(String[]::new));
            assertThat(explained.status()).as(help.toString()).isZero();
            assertThat(explained.out()).startsWith("Usage: mon").contains("--help");
            List<String> wrong = new ArrayList<>(command);
            wrong.add("--no-such-option");
            Ended refused = mon(wrong.toArray(String[]::new));
            assertThat(refused.status()).as(wrong.toString()).isEqualTo(64);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err())
                    .containsAnyOf("--no-such-option", "Missing required parameter", "Missing required option");
        }
    }

    @Test
    void aMissingCommandIsBadUsage() {
        assertThat(mon().status()).isEqualTo(64);
        assertThat(mon("node").status()).isEqualTo(64);
        assertThat(mon("assign", "show", "").status()).isEqualTo(64);
    }

    @Test
    void printsAllProblemsOfAConfigurationAtOnce() throws IOException {
        Path file = conf("node_name = a b;\ntls = maybe;\npulse_intervall = 1;\n");
        Ended ended = mon("config", "check", file.toString());
        assertThat(ended.status()).isEqualTo(78);
        assertThat(ended.out() + ended.err())
                .contains(file + ":1: ")
                .contains(file + ":2: ")
                .contains(file + ":3: ")
                .contains("did you mean 'pulse_interval'?");
    }

    @Test
    void aGoodConfigurationIsGood() throws IOException {
        assertThat(mon("config", "check", conf("node_name = a;").toString()).status())
                .isZero();
    }

    @Test
    void findsItsConfigurationByOptionThenByVariable() throws IOException {
        Path bad = conf("tls = maybe;");
        assertThat(mon(Map.of("MERLIN_CONF", bad.toString()), "node", "status").status())
                .isEqualTo(78);
        Path good = Files.writeString(folder.resolve("good.conf"), "node_name = a; state_dir = s;");
        assertThat(mon(Map.of("MERLIN_CONF", bad.toString()), "--merlin-cfg=" + good, "node", "status")
                        .status())
                .isEqualTo(69);
        Ended none = mon("--merlin-cfg=" + folder.resolve("none.conf"), "node", "list");
        assertThat(none.status()).isEqualTo(78);
        assertThat(none.err()).contains("none.conf");
    }

    @Test
    void saysThatNoDaemonAnswers() throws IOException {
        String file = conf("node_name = a; state_dir = s;").toString();
        for (List<String> command :
                List.of(List.of("node", "status"), List.of("node", "show"), List.of("assign", "show", "h"))) {
            List<String> line = new ArrayList<>(List.of("--merlin-cfg=" + file));
            line.addAll(command);
            Ended ended = mon(line.toArray(String[]::new));
            assertThat(ended.status()).as(command.toString()).isEqualTo(69);
            assertThat(ended.err()).contains("admin.sock").doesNotContain("Exception");
        }
    }

    @Test
    void makesAnAuthorityAndSigns() throws IOException {
        String file = "--merlin-cfg=" + conf("node_name = a; state_dir = s;");
        assertThat(mon(file, "cert", "issue", "b").status()).isEqualTo(1);
        assertThat(mon(file, "ca", "init").status()).isZero();
        assertThat(mon(file, "ca", "init").status()).isEqualTo(1);
        Ended issued = mon(file, "cert", "issue", "b", "-o", "json");
        assertThat(issued.status()).isZero();
        assertThat(issued.out()).contains("\"subject\"");
        assertThat(mon(file, "cert", "issue", "b").err()).contains("--force");
        assertThat(folder.resolve("s/tls/b.key")).exists();
    }
}
