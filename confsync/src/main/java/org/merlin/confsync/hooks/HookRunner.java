package org.merlin.confsync.hooks;

import java.util.function.Consumer;

/** Runs commands beside the loop that asks for it. */
public interface HookRunner {
    /** Runs none: where there is nobody to run them. */
    HookRunner NONE = (command, done) -> {};

    /**
     * Starts a command and returns at once. Whoever calls bounds how many run at a time.
     *
     * @param done told once, later, on the caller's loop
     */
    void run(HookCommand command, Consumer<HookResult> done);
}
