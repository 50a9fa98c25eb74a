package org.merlin.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void aFetchThatChangesInTheFolderBlockSaysSo() {
        daemon.says("oconf-fetch", "{\"put_aside\":false,\"blocked\":\"/c holds changes\"}");
        assertThat(mon("oconf", "fetch")).isEqualTo(new Ended(1, "", "mon: /c holds changes\n"));
        daemon.says("oconf-fetch force", "{\"put_aside\":true,\"blocked\":\"\"}");
        Ended forced = mon("oconf", "fetch", "--force");
        assertThat(forced.status()).isZero();
        assertThat(forced.out()).startsWith("changes that were not pushed are put aside");
    }
}
