package org.merlin.module.quartz.state;

/** What states are called, in macros and in the log. Stateless. */
public final class StateWords {
    private static final String[] HOST = {"UP", "DOWN", "UNREACHABLE"};
    private static final String[] SERVICE = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

    private StateWords() {}

    public static String ofHost(int state) {
        return HOST[state];
    }

    public static String ofService(int state) {
        return SERVICE[state];
    }
}
