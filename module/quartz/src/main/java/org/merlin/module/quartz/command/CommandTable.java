package org.merlin.module.quartz.command;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The commands that are known, by name. Filled once. */
final class CommandTable {
    private final Map<String, Entry> known = new HashMap<>();

    /**
     * A command.
     *
     * @param arguments how many; what is left goes into the last one, semicolons and all
     */
    record Entry(int arguments, Action action) {}

    void add(String name, int arguments, Action action) {
        known.put(name, new Entry(arguments, action));
    }

    Optional<Entry> find(String name) {
        return Optional.ofNullable(known.get(name));
    }
}
