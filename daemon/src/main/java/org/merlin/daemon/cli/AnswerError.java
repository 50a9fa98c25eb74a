package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Model.CommandSpec;

/** What the daemon says where it has no answer about the object configuration, and the exit status that this means. */
final class AnswerError {
    private AnswerError() {}

    /** Whether an answer is none. */
    static boolean is(JsonNode answer) {
        return !answer.path("error").asText().isEmpty();
    }

    /**
     * Tells it on standard error.
     *
     * @param acts whether the command was to change something; else it was to show something
     * @return the exit status
     */
    static int tell(JsonNode answer, CommandSpec spec, boolean acts) {
        spec.commandLine().getErr().println("mon: " + answer.path("error").asText());
        return switch (answer.path("because").asText()) {
            case "usage" -> ExitStatus.USAGE;
            case "unsafe" -> ExitStatus.UNSAFE;
            case "no_part" -> acts ? ExitStatus.UNSAFE : ExitStatus.UNKNOWN;
            default -> acts ? ExitStatus.FAILED : ExitStatus.UNKNOWN;
        };
    }
}
