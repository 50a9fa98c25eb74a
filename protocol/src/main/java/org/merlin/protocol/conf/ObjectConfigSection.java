package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code object_config}: two commands, and whatever keys the scripts behind them read. */
final class ObjectConfigSection {
    private static final List<String> COMMANDS = List.of("push", "fetch", "pull");
    private static final List<String> SCRIPT_KEYS =
            List.of("source", "dest", "ssh_user", "ssh_key", "ssh_port", "fetch_name");

    private ObjectConfigSection() {}

    static MerlinConf.ObjectConfig read(ConfValues values) {
        Map<String, String> extra = new LinkedHashMap<>();
        for (ConfSection.Entry entry : values.section().entries()) {
            if (!COMMANDS.contains(entry.key())) {
                values.text(entry.key()).ifPresent(value -> extra.put(entry.key(), value));
                warnOfMisspelt(values, entry);
            }
        }
        Optional<String> push = command(values, "push");
        Optional<String> fetch = command(values, "fetch", "pull");
        SCRIPT_KEYS.stream().filter(key -> !values.has(key)).forEach(values::text); // known, if only to the vocabulary
        values.refuseSections(List.of());
        if (push.isPresent() || fetch.isPresent()) {
            values.warn(
                    values.section().line(),
                    "the commands of 'object_config' are not run in this release: they come with configuration sync");
        }
        return new MerlinConf.ObjectConfig(push, fetch, extra);
    }

    private static Optional<String> command(ConfValues values, String... names) {
        return values.text(names).filter(command -> !command.equals("no"));
    }

    /** Scripts may have any keys of their own, so this is no error. */
    private static void warnOfMisspelt(ConfValues values, ConfSection.Entry entry) {
        if (!SCRIPT_KEYS.contains(entry.key())) {
            DidYouMean.of(entry.key(), COMMANDS)
                    .ifPresent(word -> values.warn(
                            entry.line(),
                            quoted(entry.key()) + " is kept for scripts; did you mean " + quoted(word) + "?"));
        }
    }
}
