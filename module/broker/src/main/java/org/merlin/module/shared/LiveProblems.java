package org.merlin.module.shared;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.StateType;

/**
 * Problems as they were seen to happen: by object the last one that was found here or told by others at once, or that contacts were told
 * of, until its end is seen in the same way. Old news of nodes that were apart do not end it, whatever their revisions: found again it is
 * the same problem. At most one per object. Confined to the scheduler's thread.
 */
final class LiveProblems {
    private final Map<Integer, Live> live = new HashMap<>();

    /**
     * A problem with the state that the object was seen in.
     *
     * @param again whether it was found again after old news had ended it, and is not confirmed yet
     */
    record Live(Problem problem, int state, boolean again) {
        /** What it is after a result that found it again. */
        Live then(CheckResult result, int revision) {
            Problem now = new Problem(problem.began(), result.state() == state ? problem.since() : revision);
            return new Live(now, result.state(), result.stateType() == StateType.SOFT);
        }
    }

    /** The problem of which no end was seen. */
    Optional<Live> of(int index) {
        return Optional.ofNullable(live.get(index));
    }

    /** The state of an object was seen, 0 for the end of its problem. */
    void saw(int index, Problem problem, int state) {
        if (state == 0 || problem.began() == 0) {
            live.remove(index);
        } else {
            live.put(index, new Live(problem, state, false));
        }
    }

    /** It was found again. */
    void saw(int index, Live again) {
        live.put(index, again);
    }

    /** What is known by now is taken for its end. */
    void end(int index) {
        live.remove(index);
    }
}
