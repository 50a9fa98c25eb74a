package org.merlin.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.merlin.daemon.demo.Judge.Check;
import org.merlin.daemon.demo.Judge.Findings;
import org.merlin.daemon.demo.Judge.Unsettled;

/** The demo's verdict finds what it should find. */
class JudgeTest {
    private static final Check CHECK = new Check("h;s", 3_000, 3_000);
    private static final List<Unsettled> ALWAYS_SETTLED = List.of();

    private final List<RunLog.Run> runs = new ArrayList<>();

    private JudgeTest regularly() {
        for (long at = 1_000; at < 30_000; at += 3_000) {
            run(at, "master1");
        }
        return this;
    }

    private void run(long at, String node) {
        runs.add(new RunLog.Run(at, node, "h;s"));
        runs.sort(Comparator.comparing(RunLog.Run::startMillis));
    }

    private Findings judge(List<Unsettled> unsettled) {
        return Judge.judge(List.of(CHECK), runs, unsettled, 0, 30_000);
    }

    @Test
    void findsNothingWhereAllIsWell() {
        regularly();
        assertThat(judge(ALWAYS_SETTLED)).isEqualTo(new Findings(0, 0, List.of()));
    }

    @Test
    void findsACheckThatWasNotRun() {
        regularly();
        runs.removeIf(run -> run.startMillis() > 10_000 && run.startMillis() < 20_000);
        Findings findings = judge(ALWAYS_SETTLED);
        assertThat(findings.worstMillis()).isEqualTo(9_000);
        assertThat(findings.complaints()).containsExactly("h;s: due at 13.0 s, not run until at 22.0 s, 9.0 s late");
    }

    @Test
    void findsACheckThatNeverRan() {
        assertThat(judge(ALWAYS_SETTLED).complaints()).hasSize(1);
    }

    @Test
    void findsACheckThatWasNotRunAtTheEnd() {
        regularly();
        runs.removeIf(run -> run.startMillis() > 20_000);
        assertThat(judge(ALWAYS_SETTLED).complaints())
                .singleElement()
                .asString()
                .contains("due at 22.0 s");
    }

    @Test
    void allowsAsMuchAsAFrozenNodeMayTake() {
        regularly();
        runs.removeIf(run -> run.startMillis() > 10_000 && run.startMillis() < 17_000);
        List<Unsettled> frozen = List.of(new Unsettled(11_000, 18_000, 6_000));
        assertThat(judge(frozen).complaints()).isEmpty();
        assertThat(judge(frozen).worstMillis()).isEqualTo(6_000);
        assertThat(judge(List.of(new Unsettled(11_000, 18_000, 1_000))).complaints())
                .hasSize(1);
    }

    @Test
    void findsACheckThatRanTwiceOutsideAHandover() {
        regularly();
        run(13_100, "master2");
        assertThat(judge(ALWAYS_SETTLED).doubles()).isEqualTo(1);
        assertThat(judge(ALWAYS_SETTLED).complaints())
                .containsExactly("h;s: run by master1 at 13.0 s and by master2 at 13.1 s");
        assertThat(judge(List.of(new Unsettled(12_000, 14_000, 1_000))).doubles())
                .isZero();
    }

    @Test
    void readsFaults() {
        assertThat(Fault.parse(Fault.Kind.KILL, "master2:daemon@1.5s"))
                .isEqualTo(new Fault(Fault.Kind.KILL, "master2", Fault.Part.DAEMON, Duration.ofMillis(1_500)));
        assertThat(Fault.typed(" Restart poller1 ", Duration.ofSeconds(7)))
                .isEqualTo(new Fault(Fault.Kind.RESTART, "poller1", Fault.Part.BOTH, Duration.ofSeconds(7)));
        for (String wrong : List.of("master2", "master2@", "master2:disk@1s", "@1s", "master2@-1s", "m@1.2.3s")) {
            assertThatThrownBy(() -> Fault.parse(Fault.Kind.KILL, wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Fault.typed("explode master1", Duration.ZERO)).hasMessageContaining("none of: kill");
    }

    @Test
    void namesAllThatIsWrongWithAWish() {
        DemoSettings settings = new DemoSettings(
                2,
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(10)),
                List.of(Fault.parse(Fault.Kind.KILL, "yoda@1s"), Fault.parse(Fault.Kind.FREEZE, "master1@10s")),
                Path.of("bin"),
                Optional.empty());
        assertThat(settings.problems()).hasSize(2);
    }
}
