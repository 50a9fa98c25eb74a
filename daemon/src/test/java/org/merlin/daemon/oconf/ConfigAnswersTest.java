package org.merlin.daemon.oconf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/** What a daemon answers about its object configuration; nobody is connected, and no scheduler runs. */
class ConfigAnswersTest {
    @TempDir
    private Path folder;

    private Optional<ConfigKeeper> keeper = Optional.empty();
    private final List<String> runs = new CopyOnWriteArrayList<>();
    private ConfigAnswers answers = new ConfigAnswers(Optional.empty());

    @AfterEach
    void stop() {
        keeper.ifPresent(ConfigKeeper::close);
    }

    private Path objects() {
        return folder.resolve("conf.d");
    }

    private void begin(String nodes) throws Exception {
        Files.createDirectories(objects());
        Files.writeString(objects().resolve("a.cfg"), "define host {\n  host_name a\n}\n");
        Path conf = Files.writeString(
                folder.resolve("merlin.conf"),
                "node_name = luke;\nstate_dir = " + folder + "/state;\noconf_dir = " + objects()
                        + ";\noconf_check = /bin/true;\n" + nodes);
        MerlinConf read = MerlinConf.load(conf);
        ConfigKeeper opened =
                ConfigKeeper.open(read, (node, code, body) -> {}, NanoClock.SYSTEM, new Journal(NanoClock.SYSTEM));
        keeper = Optional.of(opened);
        opened.watch((node, generation) -> runs.add(
                node + " runs " + generation.hash() + " by " + generation.author() + ": " + generation.note()));
        opened.start(read);
        answers = new ConfigAnswers(keeper);
    }

    private JsonNode ask(String question) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.answer(question, answer::complete);
        return new ObjectMapper().readTree(answer.get(30, TimeUnit.SECONDS));
    }

    private void assertRefused(String question, String because, String words) throws Exception {
        JsonNode answer = ask(question);
        assertThat(answer.path("because").asText()).as("%s", answer).isEqualTo(because);
        assertThat(answer.path("error").asText()).contains(words);
    }

    /** Pushes what is there, and waits for the end. */
    private String push() throws Exception {
        int id = ask("oconf-push {}").path("id").asInt();
        JsonNode progress = Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> ask("oconf-progress " + id),
                        now -> now.path("ended").asBoolean());
        assertThat(progress.path("good").asBoolean()).as("%s", progress).isTrue();
        return progress.path("generation").asText();
    }

    private void change(String text) throws IOException {
        Files.writeString(objects().resolve("a.cfg"), text);
    }

    @Test
    void whoTakesNoPartSaysSo() throws Exception {
        assertRefused("oconf-status", "no_part", "takes no part");
    }

    @Test
    void whatANodeRunsIsToldWhenItBecomesAnother() throws Exception {
        begin("");
        Awaitility.await().until(() -> runs.size() == 1);
        assertThat(runs.get(0)).startsWith("luke runs ").endsWith(" by : found when sync began");
        change("define host {\n  host_name b\n}\n");
        String pushed = push();
        Awaitility.await().until(() -> runs.size() == 2);
        assertThat(runs.get(1)).startsWith("luke runs " + pushed).contains(" by luke: ");
    }

    @Test
    void namesThatAreNotKnownAreToldApartFromThoseThatStandForSeveral() throws Exception {
        begin("peer leia { address = 127.0.0.2; }");
        assertRefused("oconf-push {\"only\":[\"yoda\"]}", "usage", "no node 'yoda'");
        assertRefused("oconf-plan yoda", "usage", "no node 'yoda'");
        assertRefused("oconf-diff yoda", "usage", "no node 'yoda'");
        assertRefused(
                "oconf-push {\"generation\":\"xyz\"}", "usage", "no generation that is known here begins with 'xyz'");
        for (int i = 0; i < 17; i++) {
            change("define host {\n  host_name a" + i + "\n}\n");
            push();
        }
        String twice = ask("oconf-history").path("generations").findValuesAsText("hash").stream()
                .map(hash -> hash.substring(0, 1))
                .sorted()
                .reduce(
                        "",
                        (found, digit) -> found.endsWith(digit) ? found + digit : found.length() > 1 ? found : digit);
        assertRefused(
                "oconf-push {\"generation\":\"" + twice.charAt(0) + "\"}",
                "usage",
                "generations begin with '" + twice.charAt(0));
    }

    @Test
    void nothingIsResolvedWhereNothingIsInDispute() throws Exception {
        begin("peer leia { address = 127.0.0.2; }");
        String head = ask("oconf-status").path("runs").path("hash").asText();
        assertRefused("oconf-push {\"join\":true}", "unsafe", "there is nothing to resolve");
        assertRefused(
                "oconf-push {\"join\":true,\"generation\":\"" + head + "\"}",
                "unsafe",
                "'mon oconf rollback " + head + "'");
    }

    @Test
    void aNodeWithMastersPushesNothing() throws Exception {
        begin("master yoda { address = 127.0.0.2; }");
        assertRefused("oconf-push {}", "unsafe", "this node has masters");
    }

    @Test
    void whatIsNotKnownIsNull() throws Exception {
        begin("peer leia { address = 127.0.0.2; }");
        JsonNode status = ask("oconf-status");
        assertThat(status.path("runs").path("seconds").isNull()).isTrue();
        assertThat(status.path("nodes").path(0).path("role").asText()).isEqualTo("peer");
        assertThat(status.path("nodes").path(0).path("state_word").asText()).isEqualTo("away");
        change("define host {\n  host_name b\n}\n");
        push();
        assertThat(ask("oconf-history")
                        .path("generations")
                        .path(0)
                        .path("seconds")
                        .asLong())
                .isPositive();
    }

    @Test
    void whatIsKeptOfAGenerationIsShown() throws Exception {
        begin("peer leia { address = 127.0.0.2; }");
        String first = ask("oconf-status").path("runs").path("hash").asText();
        String text = "x".repeat(1 << 20) + "y";
        change(text);
        String second = push();
        JsonNode file =
                ask("oconf-files " + first.substring(0, 12)).path("files").path(0);
        assertThat(file.path("path").asText()).isEqualTo("a.cfg");
        assertThat(file.path("bytes").asInt()).isEqualTo(30);
        assertThat(file.path("here").asBoolean()).isTrue();
        assertThat(content("oconf-file " + second + " 0 a.cfg")).isEqualTo(text.substring(0, 1 << 20));
        assertThat(content("oconf-file " + second + " " + (1 << 20) + " a.cfg")).isEqualTo("y");
        assertThat(ask("oconf-compare " + first + " " + second)
                        .path("lines")
                        .path(0)
                        .asText())
                .isEqualTo("--- a.cfg");
        assertRefused("oconf-files xyz", "usage", "no generation that is known here begins with 'xyz'");
        assertRefused("oconf-file " + first + " 0 ../b", "usage", "has no file '../b'");
    }

    private String content(String question) throws Exception {
        return new String(
                Base64.getDecoder().decode(ask(question).path("base64").asText()), StandardCharsets.UTF_8);
    }
}
