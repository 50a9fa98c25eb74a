package org.merlin.confsync.hooks;

import java.time.Duration;

/**
 * What came of a command.
 *
 * @param end how it ended
 * @param status its exit status; -1 if it has none
 * @param took from start to end
 * @param output the end of what it printed, standard output and error together, or why it could not be started
 * @param droppedBytes how much it printed before that
 */
public record HookResult(End end, int status, Duration took, String output, long droppedBytes) {
    /** How a command ended. */
    public enum End {
        /** By itself, with a status. */
        EXITED,
        /** It was ended when its time was over. */
        TIMED_OUT,
        /** There is no such program, or it may not be run. */
        NOT_STARTED,
        /** It was ended because this daemon ended. */
        ABANDONED
    }

    public boolean succeeded() {
        return end == End.EXITED && status == 0;
    }

    /** How it ended, e.g. {@code ended with status 3 after 2 s}. */
    public String sentence() {
        return switch (end) {
            case EXITED -> "ended with status " + status + " after " + took.toSeconds() + " s";
            case TIMED_OUT ->
                "was not done after " + took.toSeconds() + " s and was ended with all that it had started";
            case NOT_STARTED -> "could not be started";
            case ABANDONED -> "was ended with this daemon";
        };
    }

    /** The last line that it printed, at most 200 characters; empty if it printed nothing. */
    public String lastLine() {
        String text = output.strip();
        String line = text.substring(text.lastIndexOf('\n') + 1).strip();
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
