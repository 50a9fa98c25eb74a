package org.merlin.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code mon oconf} makes of the daemon's answers: words, where they go, and exit statuses. */
class OconfAnswersTest {
    @TempDir
    private Path folder;

    private Path conf;
    private SpokenDaemon daemon;

    /** What a command printed, and how it ended. */
    private record Ended(int status, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        conf = Files.writeString(folder.resolve("merlin.conf"), "node_name = luke;\nstate_dir = " + folder + ";\n");
        daemon = new SpokenDaemon(folder.resolve("admin.sock"));
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
    }

    private Ended mon(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine mon = MerlinCommand.commandLine(new CliContext(Map.of("MERLIN_CONF", conf.toString())));
        mon.setOut(new PrintWriter(out, true));
        mon.setErr(new PrintWriter(err, true));
        return new Ended(mon.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void aPlanThatWouldNotGetToAllSaysSo() {
        daemon.says("oconf-plan", """
                {"runs":"ab","files":{"a.cfg":"changed"},"good":true,"why":"","nodes":{"leia":"is ahead, and would refuse it"},
                "obstacles":["leia is ahead: merge"]}""");
        for (String[] words : new String[][] {{"oconf", "plan", "leia"}, {"oconf", "push", "--dry-run", "leia"}}) {
            assertThat(mon(words))
                    .isEqualTo(new Ended(
                            1,
                            "changed  a.cfg\nthe scheduler's check takes it\nleia: is ahead, and would refuse it\n"
                                    + "leia is ahead: merge\n",
                            ""));
        }
        assertThat(daemon.asked()).containsExactly("oconf-plan leia", "oconf-plan leia");
        assertThat(mon("oconf", "plan", "-o", "json").status()).isEqualTo(1);
    }

    @Test
    void nodesThatCommandsAreNamedForAreToldToBeLeftOut() throws IOException {
        Files.writeString(
                conf,
                Files.readString(conf)
                        + "daemon { object_config { push = /bin/true; } }\npeer leia { object_config { } }\n"
                        + "peer han { }\n");
        daemon.says("oconf-status", "{\"runs\":null,\"edited\":false,\"folder\":\"/c\",\"nodes\":[]}");
        assertThat(mon("oconf", "status").err()).startsWith("mon: not by this: leia, han, ");
    }

    @Test
    void aFetchThatChangesInTheFolderBlockSaysSo() {
        daemon.says("oconf-fetch", "{\"put_aside\":false,\"blocked\":\"/c holds changes\"}");
        assertThat(mon("oconf", "fetch")).isEqualTo(new Ended(1, "", "mon: /c holds changes\n"));
        daemon.says("oconf-fetch force", "{\"put_aside\":true,\"blocked\":\"\"}");
        Ended forced = mon("oconf", "fetch", "--force");
        assertThat(forced.status()).isZero();
        assertThat(forced.out()).startsWith("changes that were not pushed are put aside");
    }

    @Test
    void whatTheDaemonRefusesGoesToStandardErrorWithTheSameStatusEverywhere() {
        Map<String, List<Integer>> statuses = Map.of(
                "usage", List.of(64, 64), "unsafe", List.of(75, 75), "no_part", List.of(75, 3), "busy", List.of(1, 3));
        statuses.forEach((because, status) -> {
            daemon.says("oconf-", "{\"error\":\"no\",\"because\":\"" + because + "\"}");
            for (String acting : List.of("push", "rollback 3f", "resolve", "fetch")) {
                assertThat(oconf(acting))
                        .as("%s %s", acting, because)
                        .isEqualTo(new Ended(status.get(0), "", "mon: no\n"));
            }
            for (String showing : List.of("status", "history", "plan", "diff leia", "push --dry-run")) {
                assertThat(oconf(showing))
                        .as("%s %s", showing, because)
                        .isEqualTo(new Ended(status.get(1), "", "mon: no\n"));
            }
        });
    }

    private Ended oconf(String words) {
        return mon(("oconf " + words).split(" "));
    }

    @Test
    void aNodeThatIsNotKnownIsBadUsage() {
        daemon.says("nodes", "{\"nodes\":[]}");
        for (String words : List.of("fetch yoda", "remote-fetch yoda", "retry yoda")) {
            assertThat(oconf(words)).isEqualTo(new Ended(64, "", "mon: there is no node 'yoda' in " + conf + "\n"));
        }
    }

    @Test
    void canariesAreCounted() {
        daemon.says("oconf-status", """
                {"nodes":[{"name":"leia","role":"peer","state_word":"in_sync"},{"name":"p1","role":"poller","state_word":"behind"},
                {"name":"p2","role":"poller","state_word":"away"},{"name":"p3","role":"poller","state_word":"no_part"}]}""");
        daemon.says("oconf-push", "{\"id\":1}");
        daemon.says("oconf-progress", "{\"error\":\"\",\"ended\":true,\"good\":true,\"lines\":[]}");
        assertThat(oconf("push --canary 0").status()).isEqualTo(64);
        assertThat(oconf("push --canary 3"))
                .isEqualTo(new Ended(
                        64, "", "mon: --canary 3: there are 2 other nodes that could run it first: p1, leia\n"));
        assertThat(oconf("push leia --canary 2").status()).isEqualTo(64);
        assertThat(oconf("push --soak 5m").status()).isEqualTo(64);
        assertThat(oconf("push --canary 2 --soak 5m").status()).isZero();
        assertThat(daemon.asked()).anyMatch(question -> question.contains("\"only\":[\"p1\",\"leia\"]"));
    }

    @Test
    void statusSaysInOneLineForWhomItIs() {
        daemon.says("oconf-status", """
                {"runs":{"hash":"ab","seconds":null,"author":"","note":"n","only":["m1","p1"]},"folder":"/c","edited":false,
                "doing":"","refused_why":"","nodes":[{"name":"p1","role":"poller","state":"in sync","state_word":"in_sync"}]}""");
        Ended status = oconf("status");
        assertThat(status.status()).isZero();
        assertThat(status.out())
                .isEqualTo("this node runs ab  -  -  n\n  for now only for m1, p1\npoller p1: in sync  (runs -)\n");
    }

    private void keeps(boolean here) {
        daemon.says("oconf-files 3f", """
                {"generation":"3f2a","files":[{"path":"d/a.cfg","bytes":3,"executable":false,"here":true},
                {"path":"+plugins/p","bytes":2,"executable":true,"here":%s}]}""".formatted(here));
        daemon.says("oconf-file 3f2a 0 d/a.cfg", "{\"total\":3,\"base64\":\"YWI=\"}");
        daemon.says("oconf-file 3f2a 2 d/a.cfg", "{\"total\":3,\"base64\":\"Yw==\"}");
        daemon.says("oconf-file 3f2a 0 +plugins/p", "{\"total\":2,\"base64\":\"//8=\"}");
    }

    @Test
    void theFilesOfAGenerationAreListed() {
        keeps(false);
        assertThat(oconf("show 3f"))
                .isEqualTo(new Ended(
                        0,
                        "        3  d/a.cfg\n        2  +plugins/p (a program) (its content is not here any more)\n",
                        ""));
        assertThat(oconf("show 3f -o json").out()).contains("\"path\" : \"d/a.cfg\"");
    }

    @Test
    void aFileIsPrintedAsItIs() {
        keeps(true);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(oconf("show 3f +plugins/p")).isEqualTo(new Ended(0, "", ""));
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toByteArray()).containsExactly(-1, -1);
    }

    @Test
    void theFilesOfAGenerationAreWrittenIntoAnEmptyFolder() throws IOException {
        keeps(true);
        Path to = folder.resolve("new/out");
        assertThat(oconf("export 3f --output " + to)).isEqualTo(new Ended(0, to + ": 2 files\n", ""));
        assertThat(to.resolve("d/a.cfg")).hasContent("abc");
        assertThat(to.resolve("+plugins/p")).isExecutable().hasBinaryContent(new byte[] {-1, -1});
        assertThat(oconf("export 3f --output " + to))
                .isEqualTo(new Ended(64, "", "mon: " + to + " is no empty folder: name a new or an empty one\n"));
    }

    @Test
    void nothingIsWrittenOfWhatIsNotWhole() {
        keeps(false);
        Path to = folder.resolve("out");
        assertThat(oconf("export 3f --output " + to))
                .isEqualTo(
                        new Ended(3, "", "mon: the content of +plugins/p is not here any more: nothing was written\n"));
        assertThat(to).doesNotExist();
    }

    @Test
    void twoGenerationsAreCompared() {
        daemon.says("oconf-compare ab cd", "{\"lines\":[\"--- a.cfg\",\"+x\"]}");
        assertThat(oconf("diff ab cd")).isEqualTo(new Ended(1, "--- a.cfg\n+x\n", ""));
    }
}
