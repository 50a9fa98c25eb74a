package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
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

    /** Returns the exit status: 1 where the check refuses it. */
    int show() throws IOException {
        JsonNode plan = AdminClient.mapper().readTree(daemon.ask("oconf-plan", 130));
        if (plan.has("error")) {
            spec.commandLine().getErr().println(plan.get("error").asText());
            return ExitStatus.FAILED;
        }
        boolean good = plan.path("good").asBoolean();
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(plan));
            return good ? ExitStatus.OK : ExitStatus.FAILED;
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
        return good ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static String shown(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
