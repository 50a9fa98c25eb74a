package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Shows what a push would change where. */
final class OconfPlan {
    private final AdminClient daemon;
    private final CommandSpec spec;
    private final OutputFormat format;

    OconfPlan(AdminClient daemon, CommandSpec spec, OutputFormat format) {
        this.daemon = daemon;
        this.spec = spec;
        this.format = format;
    }

    /** For a push to these nodes, or to all. Returns the exit status: 1 where it would not get to all. */
    int show(List<String> names) throws IOException {
        StringBuilder question = new StringBuilder("oconf-plan");
        names.forEach(name -> question.append(' ').append(AdminClient.word(name)));
        JsonNode plan = AdminClient.mapper().readTree(daemon.ask(question.toString(), 130));
        if (AnswerError.is(plan)) {
            return AnswerError.tell(plan, spec, false);
        }
        boolean good = plan.path("good").asBoolean();
        int status = good && plan.path("obstacles").isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(plan));
            return status;
        }
        JsonNode files = plan.path("files");
        if (files.isEmpty()) {
            out.println("no file has changed since generation "
                    + shown(plan.path("runs").asText()));
        }
        files.properties().forEach(file -> out.println(file.getValue().asText() + "  " + file.getKey()));
        out.println(good ? "the scheduler's check takes it" : "the scheduler's check refuses it:");
        if (!good) {
            plan.path("why").asText().lines().forEach(line -> out.println("  " + line));
        }
        plan.path("nodes")
                .properties()
                .forEach(node ->
                        out.println(node.getKey() + ": " + node.getValue().asText()));
        plan.path("obstacles").forEach(obstacle -> out.println(Colours.warning(obstacle.asText())));
        return status;
    }

    private static String shown(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
