package org.merlin.daemon.cli;

/** Exit statuses of {@code mon}, the same for all commands. */
final class ExitStatus {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int WARNING = 1;
    static final int CRITICAL = 2;
    static final int UNKNOWN = 3;
    static final int USAGE = 64;
    static final int NO_DAEMON = 69;
    static final int UNSAFE = 75;
    static final int BAD_CONFIG = 78;

    private ExitStatus() {}
}
