package org.merlin.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewTest {
    private static final ClusterView.Database WRITTEN = database("writing", 12, 0.4, "");
    private static final ClusterView.Database AWAY = database("away", 700, 3, "connection refused");

    private static ClusterView.Database database(String state, long events, double seconds, String problem) {
        return new ClusterView.Database("merlin at db1", state, "m1", events, seconds, problem);
    }

    private static ClusterView view(int verdict, String sentence) {
        return new ClusterView(
                1,
                "m1",
                verdict,
                sentence,
                false,
                0,
                0,
                0,
                List.of(),
                new ClusterView.Log(0, 0, 0, 0, 0, true, 0, 0, 0),
                List.of(),
                List.of());
    }

    @Test
    void aDatabaseThatIsWrittenChangesNothingOfTheVerdict() {
        ClusterView view = view(0, "all nodes are active").with(List.of(WRITTEN));
        assertThat(view.verdict()).isZero();
        assertThat(view.sentence()).isEqualTo("all nodes are active");
        assertThat(view.databases()).containsExactly(WRITTEN);
    }

    @Test
    void aDatabaseThatIsAwayOrAMinuteBehindIsAWarning() {
        ClusterView away = view(0, "all nodes are active").with(List.of(AWAY));
        assertThat(away.verdict()).isEqualTo(1);
        assertThat(away.sentence()).isEqualTo("the database is away");
        ClusterView late = view(0, "all nodes are active").with(List.of(database("writing", 9_000, 61, "")));
        assertThat(late.verdict()).isEqualTo(1);
        assertThat(late.sentence()).isEqualTo("the database is 61 s behind");
    }

    @Test
    void whatIsWorseThanThatIsSaidFirst() {
        ClusterView view = view(2, "3 checks are run by nobody").with(List.of(AWAY));
        assertThat(view.verdict()).isEqualTo(2);
        assertThat(view.sentence()).isEqualTo("3 checks are run by nobody, the database is away");
    }

    @Test
    void aNodeThatStandsByIsNotBehind() {
        assertThat(view(0, "all nodes are active")
                        .with(List.of(database("standby", 90_000, 600, "")))
                        .verdict())
                .isZero();
    }
}
