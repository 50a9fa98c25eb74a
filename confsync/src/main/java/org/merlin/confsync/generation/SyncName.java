package org.merlin.confsync.generation;

import java.util.Optional;

/**
 * How files of {@code sync} are called in a tree, beside object files: {@code +NAME/path} goes to peers and pollers, {@code =NAME/path} to
 * peers alone; without {@code /path} it is a single file. Pure.
 */
final class SyncName {
    private static final char TO_ALL = '+';
    private static final char TO_PEERS = '=';

    private SyncName() {}

    static String of(String name, boolean toPollers) {
        return (toPollers ? TO_ALL : TO_PEERS) + name;
    }

    /** Whether a path of a tree is no object file. */
    static boolean isOf(String path) {
        return !path.isEmpty() && (path.charAt(0) == TO_ALL || path.charAt(0) == TO_PEERS);
    }

    static boolean toPollers(String path) {
        return !path.isEmpty() && path.charAt(0) == TO_ALL;
    }

    /** NAME of a path; empty for an object file. */
    static Optional<String> in(String path) {
        return isOf(path) ? Optional.of(path.substring(1).split("/", 2)[0]) : Optional.empty();
    }

    /** What follows the NAME in a path. */
    static String inner(String path) {
        int slash = path.indexOf('/');
        return slash < 0 ? "" : path.substring(slash + 1);
    }
}
