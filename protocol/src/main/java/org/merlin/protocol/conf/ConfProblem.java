package org.merlin.protocol.conf;

/**
 * One thing that is wrong, or will be, with a configuration file.
 *
 * @param file the file's name as the operator gave it
 * @param line line number from 1; 0 if no line is to blame
 * @param error whether it stops a start; a warning otherwise
 * @param text what, and what would be right
 */
public record ConfProblem(String file, int line, boolean error, String text) {
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + (error ? "" : "warning: ") + text;
    }
}
