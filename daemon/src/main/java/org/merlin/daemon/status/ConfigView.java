package org.merlin.daemon.status;

/**
 * A node's object configuration, and the commands that bring it. Names of the fields are stable.
 *
 * @param sha1 of its files; empty if unknown
 * @param mtime of the newest of them, seconds since 1970; 0 if unknown
 * @param inSync whether it is not known to be another one than it should be
 * @param differs how it differs, in a sentence; empty if it is in sync
 * @param hook the commands of {@code object_config}
 */
public record ConfigView(String sha1, long mtime, boolean inSync, String differs, Hook hook) {
    public static final ConfigView UNKNOWN = new ConfigView("", 0, true, "", Hook.NONE);

    /**
     * Commands for one node.
     *
     * @param push the command line; empty if there is none
     * @param fetch the command line; empty if there is none
     * @param running {@code push} or {@code fetch} while one runs, else empty
     * @param runningSeconds for how long
     * @param attempts how many were started since the daemon's start
     * @param waits what is waited for, in words; empty if nothing is due
     * @param stopped why nothing is run any more, in words; empty if it is
     * @param last the last one that ended
     */
    public record Hook(
            String push,
            String fetch,
            String running,
            double runningSeconds,
            int attempts,
            String waits,
            String stopped,
            Last last) {
        public static final Hook NONE = new Hook("", "", "", 0, 0, "", "", Last.NONE);
    }

    /**
     * A command that has ended.
     *
     * @param kind {@code push} or {@code fetch}; empty if there was none
     * @param ended when, seconds since 1970
     * @param secondsAgo the same as a duration
     * @param ok whether its status was 0
     * @param status its exit status; -1 if it has none
     * @param result how it ended, in words
     * @param output the end of what it printed, at most 8 KiB
     */
    public record Last(
            String kind, long ended, double secondsAgo, boolean ok, int status, String result, String output) {
        public static final Last NONE = new Last("", 0, 0, false, 0, "", "");
    }
}
