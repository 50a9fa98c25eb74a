package org.merlin.confsync.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.merlin.confsync.hooks.RecentRuns.Change;
import org.merlin.confsync.hooks.RecentRuns.Stop;
import org.merlin.confsync.hooks.RecentRuns.Why;

class RecentRunsTest {
    private static final long MINUTE = 60_000_000L;

    private final RecentRuns runs = new RecentRuns();
    private long now = 1_700_000_000_000_000L;

    private static Change push(String from, String to) {
        return new Change(HookKind.PUSH, from, to);
    }

    /** A push that is due is run, and the node shows something a minute later; returns whether it was run. */
    private boolean push(String from, String to, String then) {
        if (runs.whyNot(push(from, to), now).isPresent()) {
            return false;
        }
        runs.onSucceeded(push(from, to), now);
        now += MINUTE;
        runs.onSeen(HookKind.PUSH, then);
        return true;
    }

    @Test
    void whatSomebodyElsePutsBackIsPushedThreeTimesAnHour() {
        for (int i = 0; i < 3; i++) {
            assertThat(push("theirs", "ours", "ours")).isTrue();
        }
        assertThat(runs.whyNot(push("theirs", "ours"), now))
                .contains(new Stop(Why.SAME_AGAIN, push("theirs", "ours"), 3, now));
        now += 100 * RecentRuns.HOUR_MICROS;
        assertThat(push("theirs", "ours", "ours")).as("no time makes it better").isFalse();
    }

    @Test
    void aNewConfigurationOnEitherSideIsPushedAgain() {
        for (int i = 0; i < 4; i++) {
            push("theirs", "ours", "ours");
        }
        assertThat(push("theirs", "edited", "edited")).isTrue();
        assertThat(push("other", "edited", "edited")).isTrue();
        assertThat(push("theirs", "ours", "ours")).isFalse();
    }

    @Test
    void whatComesBackNowAndThenIsNoCircle() {
        for (int i = 0; i < 20; i++) {
            assertThat(push("theirs", "ours", "ours")).isTrue();
            now += RecentRuns.HOUR_MICROS / 3 + MINUTE;
        }
    }

    @Test
    void aNodeThatAlwaysChangesWhatItIsGivenIsLeftAloneForAnHour() {
        for (int i = 0; i < 5; i++) {
            assertThat(push("t" + i, "o" + i, "t" + (i + 1))).isTrue();
        }
        assertThat(runs.whyNot(push("t5", "o5"), now).orElseThrow().why()).isEqualTo(Why.NEVER_TAKEN);
        assertThat(push("t6", "o6", "")).isFalse();
        now += RecentRuns.HOUR_MICROS + 1;
        assertThat(push("t6", "o6", "o6")).isTrue();
    }

    @Test
    void anEditInTimeForEachPushIsNoCircle() {
        for (int i = 0; i < 40; i++) {
            assertThat(push("v" + i, "v" + (i + 1), "v" + (i + 1))).isTrue();
        }
        assertThat(runs.runs()).as("bounded").hasSizeLessThanOrEqualTo(32);
    }

    @Test
    void theUserMayWantItAgain() {
        for (int i = 0; i < 4; i++) {
            push("theirs", "ours", "theirs");
        }
        runs.forget();
        assertThat(push("theirs", "ours", "theirs")).isTrue();
    }

    @Test
    void aRestartForgetsNothing() {
        for (int i = 0; i < 3; i++) {
            push("theirs", "ours", "ours");
        }
        RecentRuns restarted = new RecentRuns();
        restarted.restore(runs.runs(), runs.stops());
        assertThat(restarted.whyNot(push("theirs", "ours"), now)).isPresent();
        RecentRuns again = new RecentRuns();
        again.restore(restarted.runs(), restarted.stops());
        assertThat(again.stops()).isEqualTo(restarted.stops()).hasSize(1);
    }

    @Test
    void fetchesThatBringAPartAreNotCountedAsNeverTaken() {
        for (int i = 0; i < 20; i++) {
            Change fetch = new Change(HookKind.FETCH, "part" + i, "whole" + i);
            assertThat(runs.whyNot(fetch, now)).isEmpty();
            runs.onSucceeded(fetch, now);
        }
        for (int i = 0; i < 3; i++) {
            runs.onSucceeded(new Change(HookKind.FETCH, "part", "whole"), now);
        }
        assertThat(runs.whyNot(new Change(HookKind.FETCH, "part", "whole"), now))
                .isPresent();
    }
}
