package org.merlin.protocol.conf;

import static org.merlin.protocol.conf.ConfProblems.quoted;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code object_config}: two commands, and whatever keys the scripts behind them read. */
final class ObjectConfigSection {
    private static final List<String> COMMANDS = List.of("push", "fetch", "pull");
    private static final List<String> OURS = List.of("push", "fetch", "pull", "shell");
    private static final List<String> BUILT_IN = List.of("push", "fetch");
    private static final List<String> SCRIPT_KEYS =
            List.of("source", "dest", "ssh_user", "ssh_key", "ssh_port", "fetch_name");

    private ObjectConfigSection() {}

    /** The section outside of nodes. */
    static MerlinConf.ObjectConfig readGlobal(ConfValues values) {
        return read(values, false);
    }

    /** The section of a node. */
    static MerlinConf.ObjectConfig readOwn(ConfValues values) {
        return read(values, true);
    }

    private static MerlinConf.ObjectConfig read(ConfValues values, boolean own) {
        Map<String, String> extra = new LinkedHashMap<>();
        boolean shell = values.flag("shell", false);
        for (ConfSection.Entry entry : values.section().entries()) {
            if (!OURS.contains(entry.key())) {
                values.text(entry.key()).ifPresent(value -> extra.put(entry.key(), value));
                warnOfMisspelt(values, entry);
            }
        }
        Optional<ConfSection.Entry> push = values.entry("push");
        Optional<ConfSection.Entry> fetch = values.entry("fetch", "pull");
        SCRIPT_KEYS.stream().filter(key -> !values.has(key)).forEach(values::text); // known, if only to the vocabulary
        values.refuseSections(List.of());
        boolean refused = push.filter(ObjectConfigSection::isNo).isPresent()
                || fetch.filter(ObjectConfigSection::isNo).isPresent();
        boolean empty = own && push.isEmpty() && fetch.isEmpty();
        return new MerlinConf.ObjectConfig(
                command(values, push, shell), command(values, fetch, shell), extra, own, refused || empty, shell);
    }

    private static boolean isNo(ConfSection.Entry entry) {
        return entry.value().equals("no");
    }

    private static Optional<String> command(ConfValues values, Optional<ConfSection.Entry> entry, boolean shell) {
        Optional<ConfSection.Entry> command = entry.filter(given -> !isNo(given));
        command.ifPresent(given -> check(values, given, shell));
        return command.filter(given -> !isBuiltIn(values, given)).map(ConfSection.Entry::value);
    }

    /** The C original's own command is what our nodes do by themselves. */
    private static boolean isBuiltIn(ConfValues values, ConfSection.Entry command) {
        List<String> words = CommandWords.of(command.value()).orElse(List.of());
        boolean builtIn = words.size() >= 3
                && (words.get(0).equals("mon") || words.get(0).endsWith("/mon"))
                && words.get(1).equals("oconf")
                && BUILT_IN.contains(words.get(2));
        if (builtIn) {
            values.warn(
                    command.line(),
                    quoted(command.key() + " = " + command.value())
                            + " is not run: nodes do that by themselves, over their links, where oconf_dir says with which folder");
        }
        return builtIn;
    }

    private static void check(ConfValues values, ConfSection.Entry command, boolean shell) {
        if (CommandWords.of(command.value()).filter(words -> !words.isEmpty()).isEmpty()) {
            values.refuse(command, "is no command line: a quote is not closed, or there is nothing");
        } else if (!shell) {
            CommandWords.signForShell(command.value())
                    .ifPresent(sign -> values.warn(
                            command.line(),
                            quoted(command.key()) + " has a " + sign
                                    + " that no shell will see: quote it, or add shell = yes to this section"));
        }
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
