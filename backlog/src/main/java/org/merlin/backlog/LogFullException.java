package org.merlin.backlog;

import java.nio.file.Path;

/** Too little space is left on the log's disk; the record was not appended, and later ones may be when there is room. */
public final class LogFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LogFullException(Path directory, long usableBytes, long minimumFreeBytes) {
        super("log " + directory + ": " + usableBytes + " bytes free on its disk, less than the " + minimumFreeBytes
                + " that stay free; nothing is appended until there is room");
    }
}
