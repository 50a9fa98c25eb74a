package org.merlin.confsync.generation;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Which paths of files may be in a tree: relative, of plain names, so that none leads out of the folder that it is written
 * into, whoever sent it. Pure.
 */
public final class FilePaths {
    static final int MAX_BYTES = 1_000;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_DEPTH = 16;

    private FilePaths() {}

    /** Empty if the path may be used, else why not. */
    public static Optional<String> objection(String path) {
        if (path.isEmpty() || bytes(path) > MAX_BYTES) {
            return Optional.of("a path has 1 to " + MAX_BYTES + " bytes");
        }
        if (path.startsWith("/")) {
            return Optional.of("an absolute path");
        }
        if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\' || c == 0xfffd)) {
            return Optional.of("a control character or a backslash in a path");
        }
        String[] names = path.split("/", -1);
        if (names.length > MAX_DEPTH) {
            return Optional.of("more than " + MAX_DEPTH + " folders in each other");
        }
        for (String name : names) {
            if (name.isEmpty() || name.startsWith(".") || bytes(name) > MAX_NAME_BYTES) {
                return Optional.of("'" + name + "' in a path: names have 1 to " + MAX_NAME_BYTES
                        + " bytes and do not begin with a dot");
            }
        }
        return Optional.empty();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
