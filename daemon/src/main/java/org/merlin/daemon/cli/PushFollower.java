package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** Begins a push at the daemon and tells how it fares until it is over: line by line, on a terminal with a bar below. */
final class PushFollower {
    private static final long PAUSE_MILLIS = 200;
    private static final int BAR = 24;
    /** In the order in which they come; what comes of it is told by the nodes. */
    private static final List<String> STAGES = List.of("checking", "asking", "trying", "spreading", "soaking");

    private final AdminClient daemon;
    private final CommandSpec spec;
    private final OutputFormat format;
    private final boolean terminal = Colours.onTerminal();

    PushFollower(AdminClient daemon, CommandSpec spec, OutputFormat format) {
        this.daemon = daemon;
        this.spec = spec;
        this.format = format;
    }

    /** Returns the exit status. */
    int follow(Map<String, Object> wish) throws IOException {
        JsonNode begun = ask("oconf-push " + AdminClient.mapper().writeValueAsString(wish));
        if (AnswerError.is(begun)) {
            return AnswerError.tell(begun, spec, true);
        }
        String question = "oconf-progress " + begun.get("id").asInt();
        int told = 0;
        while (true) {
            JsonNode progress = ask(question);
            if (format == OutputFormat.text) {
                told = tell(progress, told);
            }
            if (AnswerError.is(progress)) {
                return AnswerError.tell(progress, spec, true);
            }
            if (progress.path("ended").asBoolean()) {
                return end(progress);
            }
            pause();
        }
    }

    private JsonNode ask(String question) throws IOException {
        return AdminClient.mapper().readTree(daemon.ask(question));
    }

    private int tell(JsonNode progress, int told) {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode lines = progress.path("lines");
        if (terminal) {
            out.print("\r\033[K");
        }
        for (int i = told; i < lines.size(); i++) {
            out.println(lines.get(i).asText());
        }
        if (terminal && !progress.path("ended").asBoolean()) {
            out.print(bar(progress));
        }
        out.flush();
        return lines.size();
    }

    private static String bar(JsonNode progress) {
        String stage = progress.path("stage").asText();
        int done = Math.max(0, STAGES.indexOf(stage)) * BAR / STAGES.size();
        return "[" + "=".repeat(done) + ">" + " ".repeat(BAR - done) + "] " + stage + ", "
                + progress.path("nodes").size() + " nodes have answered";
    }

    private int end(JsonNode progress) throws IOException {
        if (format == OutputFormat.json) {
            spec.commandLine().getOut().println(Json.pretty(progress));
        }
        return progress.path("good").asBoolean() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; the push goes on: mon oconf status", e);
        }
    }
}
