package org.merlin.confsync.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GenerationTest {
    private static final String TREE = "a".repeat(64);
    private static final String PARENT = "b".repeat(64);

    private static final Generation ONE = new Generation(
            TREE, List.of(PARENT), Optional.empty(), "monitor1", 1_764_000_000, List.of("monitor1", "poller1"), "why");

    @Test
    void whatWasWrittenIsRead() throws DamagedException {
        assertThat(Generation.read(ONE.text())).isEqualTo(ONE);
        Generation part = Generation.part(TREE, PARENT, ONE);
        assertThat(Generation.read(part.text())).isEqualTo(part);
        assertThat(part.isFor("poller1")).isTrue();
        assertThat(part.isFor("poller2")).isFalse();
    }

    @Test
    void equalFilesBeginWithEqualGenerations() {
        assertThat(Generation.first(TREE).hash())
                .isEqualTo(Generation.first(TREE).hash());
    }

    @Test
    void theWayBackIsTheSameWhoeverMakesIt() {
        assertThat(ONE.withdrawn(TREE, PARENT)).isEqualTo(ONE.withdrawn(TREE, PARENT));
        assertThat(ONE.withdrawn(TREE, PARENT).author()).isEmpty();
        assertThat(ONE.withdrawn(TREE, PARENT).only()).isEmpty();
    }

    @Test
    void aNoteIsOneLine() throws DamagedException {
        Generation tricky = new Generation(
                TREE, List.of(), Optional.empty(), "a", 1, List.of(), "x\nparent " + PARENT + "\n" + "y".repeat(1_000));
        Generation read = Generation.read(tricky.text());
        assertThat(read.parents()).isEmpty();
        assertThat(read.note()).startsWith("x parent").hasSize(400);
    }

    @Test
    void whatIsNoneIsRefused() {
        for (String text : List.of(
                "",
                "generation 2\ntree " + TREE,
                "generation 1\n",
                "generation 1\ntree xyz\n",
                "generation 1\ntree " + TREE + "\nparent 1\n",
                "generation 1\ntree " + TREE + "\nseconds -1\n",
                "generation 1\n" + "x".repeat(10_000))) {
            assertThatThrownBy(() -> Generation.read(text)).isInstanceOf(DamagedException.class);
        }
    }
}
