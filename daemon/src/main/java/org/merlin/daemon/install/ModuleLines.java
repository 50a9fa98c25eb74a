package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What has to change in a main configuration so that the scheduler loads the module, or does no longer. Every line that is put in
 * has a comment above it, by which it is found again, and which holds what was there before. One thread.
 */
final class ModuleLines {
    static final String ADDED = "# merlin: added by 'mon module install', taken out by 'mon module uninstall'";
    static final String BEFORE = "# merlin: before 'mon module install' this was: ";
    private static final String NOT_SET = "not set";
    private static final String OPTIONS = "event_broker_options";
    private static final String EVERYTHING = OPTIONS + "=-1";
    private static final String MODULE = "broker_module";

    /**
     * Kinds of events that the module is told of, as the scheduler's include/broker.h numbers them: program state, service and host
     * checks, event handlers, notifications, comments, downtimes, adaptive changes, external commands, retention,
     * acknowledgements.
     */
    private static final long NEEDED = bits(0, 2, 3, 4, 6, 8, 9, 13, 14, 15, 16);

    private final MainConfig config;
    private final Optional<Path> module;
    private final Edits edits;
    private final List<String> sentences = new ArrayList<>();

    /**
     * Begins with nothing changed.
     *
     * @param module the merlin.so that is ours; if empty, ours are those that are marked or have our jars beside them
     */
    ModuleLines(MainConfig config, Optional<Path> module) {
        this.config = config;
        this.module = module;
        this.edits = new Edits(config.lines());
    }

    private static long bits(int... numbers) {
        long mask = 0;
        for (int number : numbers) {
            mask |= 1L << number;
        }
        return mask;
    }

    Edits edits() {
        return edits;
    }

    /** What is done, for people. */
    List<String> sentences() {
        return sentences;
    }

    /** Lines that load a merlin.so which is not ours, the C original's most likely, in included files too. */
    List<MainConfig.Setting> foreign() {
        return Stream.concat(Stream.of(config), config.included().stream())
                .flatMap(part -> merlins(part).stream().filter(setting -> !ours(part, setting)))
                .toList();
    }

    /** Lines in included files that load ours: they are not for us to change. */
    List<MainConfig.Setting> elsewhere() {
        return config.included().stream()
                .flatMap(part -> merlins(part).stream().filter(setting -> ours(part, setting)))
                .toList();
    }

    private static List<MainConfig.Setting> merlins(MainConfig part) {
        return part.all(MODULE).stream()
                .filter(setting -> library(setting).endsWith("merlin.so"))
                .toList();
    }

    private static String library(MainConfig.Setting setting) {
        return setting.value().split("[ \t]", 2)[0];
    }

    private boolean ours(MainConfig part, MainConfig.Setting setting) {
        Path library = Path.of(library(setting));
        return module.filter(library::equals).isPresent()
                || setting.index() > 0 && part.lines().get(setting.index() - 1).equals(ADDED)
                || hasOurJars(library.toAbsolutePath().getParent());
    }

    /** Whether this folder holds the Java side of our module. */
    static boolean hasOurJars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("merlin-module-nagios-.*\\.jar"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes the scheduler load {@code library} with {@code merlinConf}, and tell it everything. */
    void install(Path library, Path merlinConf) {
        options();
        String wanted = MODULE + "=" + library + " " + merlinConf;
        List<MainConfig.Setting> present = merlins(config).stream()
                .filter(setting -> ours(config, setting))
                .toList();
        if (present.isEmpty()) {
            edits.replace(
                    config.last(OPTIONS).map(options -> options.index() + 1).orElse(config.end()),
                    0,
                    List.of(ADDED, wanted));
            sentences.add("adds the line that loads the module");
            return;
        }
        MainConfig.Setting first = present.get(0);
        if (sameAs(first, library, merlinConf)) {
            sentences.add("the module is there already, in line " + (first.index() + 1));
        } else {
            boolean marked =
                    first.index() > 0 && config.lines().get(first.index() - 1).equals(ADDED);
            edits.replace(first.index(), 1, marked ? List.of(wanted) : List.of(ADDED, wanted));
            sentences.add("replaces line " + (first.index() + 1) + ", which loaded the module with other values");
        }
        present.stream().skip(1).forEach(again -> {
            takeOut(again);
            sentences.add("takes out line " + (again.index() + 1) + ", which loaded the module once more");
        });
    }

    private static boolean sameAs(MainConfig.Setting setting, Path library, Path merlinConf) {
        String[] words = setting.value().split("[ \t]+", 2);
        return words.length == 2 && words[0].equals(library.toString()) && words[1].equals(merlinConf.toString());
    }

    private void takeOut(MainConfig.Setting setting) {
        boolean marked =
                setting.index() > 0 && config.lines().get(setting.index() - 1).equals(ADDED);
        edits.replace(setting.index() - (marked ? 1 : 0), marked ? 2 : 1, List.of());
    }

    private void options() {
        Optional<MainConfig.Setting> present = config.last(OPTIONS);
        if (present.isEmpty()) {
            edits.replace(config.end(), 0, List.of(BEFORE + NOT_SET, EVERYTHING));
            sentences.add("sets " + EVERYTHING + ", since without it the scheduler tells its modules nothing");
        } else if (!suffices(present.get().value())) {
            int index = present.get().index();
            edits.replace(index, 1, List.of(BEFORE + config.lines().get(index), EVERYTHING));
            sentences.add("sets " + EVERYTHING + ": with " + present.get().value()
                    + " the scheduler does not tell the module all that it needs");
        }
    }

    private static boolean suffices(String value) {
        try {
            long bits = Long.decode(value);
            return bits == -1 || (bits & NEEDED) == NEEDED;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Takes out what {@link #install} put in, and gives back what it changed. */
    void uninstall() {
        merlins(config).stream().filter(setting -> ours(config, setting)).forEach(setting -> {
            takeOut(setting);
            sentences.add("takes out line " + (setting.index() + 1) + ", which loads the module");
        });
        for (int i = 0; i < config.lines().size(); i++) {
            String line = config.lines().get(i);
            String next = i + 1 < config.lines().size() ? config.lines().get(i + 1) : "";
            if (line.startsWith(BEFORE)) {
                giveBack(i, line.substring(BEFORE.length()), next.equals(EVERYTHING));
            } else if (line.equals(ADDED) && !next.strip().startsWith(MODULE)) {
                edits.replace(i, 1, List.of());
            }
        }
        if (sentences.isEmpty()) {
            sentences.add("the module is not installed here");
        }
    }

    private void giveBack(int index, String before, boolean untouched) {
        if (!untouched) {
            edits.replace(index, 1, List.of());
            sentences.add("leaves " + OPTIONS + " as it is, since somebody changed it after 'mon module install'");
        } else if (before.equals(NOT_SET)) {
            edits.replace(index, 2, List.of());
            sentences.add("takes out " + EVERYTHING + ", which was not set before");
        } else {
            edits.replace(index, 2, List.of(before));
            sentences.add("gives back " + before.strip());
        }
    }
}
