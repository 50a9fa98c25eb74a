package org.merlin.confsync.hooks;

import static org.merlin.protocol.node.NameOrder.BYTEWISE;

import org.merlin.protocol.node.NodeRole;

/**
 * Which command two nodes' configurations call for, by the rules of the C original: hashes say whether they differ, then the times of
 * the newest files who pushes. Masters are never pushed to. Pure.
 */
public final class HookRule {
    /** A fetch command that this is in keeps the time of a master's files: only such a one can tell whether it has been run. */
    static final String KEEPS_TIMES = "mon oconf fetch";

    private HookRule() {}

    /** What is to be done. */
    public enum Action {
        NOTHING,
        PUSH,
        FETCH,
        /** Something differs, and it is somebody else's turn, or not the time yet. */
        WAIT
    }

    /**
     * What is to be done, and why.
     *
     * @param why in words; empty where nothing differs
     */
    public record Decision(Action action, String why) {}

    /** Decides for this node; the other one does so for itself. */
    public static Decision decide(Situation now) {
        return now.role() == NodeRole.MASTER ? aboutMaster(now) : aboutOther(now);
    }

    private static Decision aboutMaster(Situation now) {
        boolean tells = now.commands()
                .fetch()
                .filter(fetch -> fetch.line().contains(KEEPS_TIMES))
                .isPresent();
        if (!tells || !now.ours().known() || !now.theirs().known() || now.newerSeconds() == 0 || unreachable(now)) {
            return new Decision(Action.NOTHING, "");
        }
        return new Decision(Action.FETCH, "its newest file is of another time than ours");
    }

    private static boolean unreachable(Situation now) {
        return !now.dialled() && !now.commands().own();
    }

    private static Decision aboutOther(Situation now) {
        if (!now.differs()) {
            return new Decision(Action.NOTHING, "");
        }
        if (!now.commands().any()) {
            return new Decision(Action.NOTHING, "no command is set for it");
        }
        if (unreachable(now)) {
            return new Decision(
                    Action.NOTHING, "connect = no: only an object_config of its own would have commands for it");
        }
        return now.role() == NodeRole.POLLER ? aboutPoller(now) : aboutPeer(now);
    }

    private static Decision aboutPoller(Situation now) {
        if (now.newerSeconds() >= 0 && !now.peersAgree()) {
            return new Decision(
                    Action.WAIT,
                    "its files are not older than ours, and not all our peers are there with the same configuration");
        }
        return push(now, "it has not what we have for it");
    }

    private static Decision aboutPeer(Situation now) {
        if (weHaveTheRightOne(now)) {
            return push(
                    now,
                    now.newerSeconds() < 0 ? "our files are newer" : "the files are equally new, and ours come first");
        }
        if (now.commands().fetch().isPresent()) {
            return new Decision(Action.FETCH, "its files are newer");
        }
        return new Decision(Action.WAIT, "its files are newer, or come first: it is to push them");
    }

    private static Decision push(Situation now, String why) {
        return now.commands().push().isPresent()
                ? new Decision(Action.PUSH, why)
                : new Decision(Action.NOTHING, why + ", but no push command is set");
    }

    /** The newer files; of equally new ones those of who started first, then those of the lower name: never both sides', never neither's. */
    private static boolean weHaveTheRightOne(Situation now) {
        if (now.newerSeconds() != 0) {
            return now.newerSeconds() < 0;
        }
        if (now.ours().startMicros() != now.theirs().startMicros()) {
            return now.ours().startMicros() < now.theirs().startMicros();
        }
        return BYTEWISE.compare(now.ours().name(), now.theirs().name()) < 0;
    }
}
