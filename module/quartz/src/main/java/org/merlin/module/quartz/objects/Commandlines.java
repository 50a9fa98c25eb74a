package org.merlin.module.quartz.objects;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The commands of an object file, to be called by {@code name!argument!argument}. Immutable. */
final class Commandlines {
    private final Map<String, String> lines;

    Commandlines(Map<String, Block> blocks) {
        this.lines = blocks.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().text("command_line", "")));
    }

    /** The command with its arguments; empty if there is none of this name. */
    Optional<CheckCommand> find(String call) {
        List<String> parts = CheckCommand.split(call);
        String line = lines.get(parts.get(0));
        return line == null
                ? Optional.empty()
                : Optional.of(new CheckCommand(parts.get(0), line, parts.subList(1, parts.size())));
    }
}
