package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What differs between two trees, for people: whole blocks of object files, as lines that begin with {@code -} and {@code +}. */
final class Difference {
    private static final int MAX_LINES = 5_000;

    private Difference() {}

    /**
     * Compares.
     *
     * @return at most 5,000 lines; the last says so if there were more
     */
    static List<String> between(FileTree before, FileTree after, ObjectStore store) throws IOException {
        List<String> lines = new ArrayList<>();
        Set<String> paths = new TreeSet<>(before.files().keySet());
        paths.addAll(after.files().keySet());
        for (String path : paths) {
            FileTree.File old = before.files().get(path);
            FileTree.File now = after.files().get(path);
            if (old == null || !old.equals(now)) {
                lines.add("--- " + path);
                if (SyncName.isOf(path)) {
                    sizes(old, now, lines);
                } else {
                    blocks(text(old, store), text(now, store), lines);
                }
            }
        }
        if (lines.size() > MAX_LINES) {
            int more = lines.size() - MAX_LINES;
            lines.subList(MAX_LINES, lines.size()).clear();
            lines.add("... and " + more + " lines more");
        }
        return lines;
    }

    private static void sizes(FileTree.File old, FileTree.File now, List<String> into) {
        if (old != null) {
            into.add("-" + old.bytes() + " bytes" + (old.executable() ? ", a program" : ""));
        }
        if (now != null) {
            into.add("+" + now.bytes() + " bytes" + (now.executable() ? ", a program" : ""));
        }
    }

    private static Optional<String> text(FileTree.File file, ObjectStore store) throws IOException {
        return file == null ? Optional.of("") : store.text(file.hash());
    }

    private static void blocks(Optional<String> old, Optional<String> now, List<String> into) {
        if (old.isEmpty() || now.isEmpty()) {
            into.add("    (its contents are not kept here any more)");
            return;
        }
        Set<String> before = split(old.get());
        Set<String> after = split(now.get());
        before.stream().filter(block -> !after.contains(block)).forEach(block -> add("-", block, into));
        after.stream().filter(block -> !before.contains(block)).forEach(block -> add("+", block, into));
    }

    /** At the ends of blocks; what is outside of blocks goes with the next. */
    private static Set<String> split(String text) {
        Set<String> blocks = new LinkedHashSet<>();
        StringBuilder block = new StringBuilder();
        for (String line : text.split("\n")) {
            if (!line.isBlank()) {
                block.append(line).append('\n');
            }
            if (line.strip().equals("}")) {
                blocks.add(block.toString());
                block.setLength(0);
            }
        }
        if (block.length() > 0) {
            blocks.add(block.toString());
        }
        return blocks;
    }

    private static void add(String sign, String block, List<String> into) {
        block.lines().forEach(line -> into.add(sign + line));
    }
}
