package org.merlin.confsync.hooks;

import java.util.ArrayList;
import java.util.List;
import org.merlin.protocol.conf.CommandWords;

/**
 * A command as it is run.
 *
 * @param line as people read it
 * @param words program and arguments
 */
public record HookCommand(String line, List<String> words) {
    /** What {@code object_config} says to do nothing with. */
    private static final String NOTHING = ":";

    public HookCommand {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no command in '" + line + "'");
        }
    }

    /**
     * A line of merlin.conf.
     *
     * @param appended words that follow those of the line
     * @param shell whether a shell is to read it
     */
    static HookCommand of(String line, List<String> appended, boolean shell) {
        List<String> whole = new ArrayList<>(List.of(line));
        whole.addAll(appended);
        String text = String.join(" ", whole);
        if (shell) {
            return new HookCommand(text, List.of("/bin/sh", "-c", text));
        }
        List<String> words = new ArrayList<>(CommandWords.of(line)
                .orElseThrow(() -> new IllegalArgumentException("a quote is not closed in '" + line + "'")));
        words.addAll(appended);
        return new HookCommand(text, words);
    }

    /** Whether it is {@code :}, which is run by doing nothing. */
    public boolean nothing() {
        return words.get(0).equals(NOTHING) || line.equals(NOTHING) || line.startsWith(NOTHING + " ");
    }
}
