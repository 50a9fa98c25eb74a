package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.merlin.module.quartz.Wishes.Wish;

class WishesTest {
    private final Wishes wishes = new Wishes();

    @Test
    void reloadsInQuickSuccessionAreOne() throws InterruptedException {
        wishes.reload();
        wishes.reload();
        assertThat(wishes.next(1)).isEqualTo(Wish.RELOAD);
        assertThat(wishes.next(1)).isEqualTo(Wish.NONE);
        wishes.reload();
        assertThat(wishes.next(1))
                .as("one that comes after the first was begun is another")
                .isEqualTo(Wish.RELOAD);
    }

    @Test
    void aStopComesFirstAndStays() throws InterruptedException {
        wishes.reload();
        wishes.stop();
        assertThat(wishes.next(1)).isEqualTo(Wish.STOP);
        assertThat(wishes.next(1)).isEqualTo(Wish.STOP);
    }
}
