package org.merlin.module.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.merlin.module.ipc.Packets.aPacket;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HandoffTest {
    @Test
    void dropsTheOldestAtItsBound() {
        Handoff handoff = new Handoff(10_000, new Bell());
        for (long sequence = 1; sequence <= 100; sequence++) {
            handoff.offer(aPacket(2, sequence, 936));
        }
        List<Packet> left = new ArrayList<>();
        handoff.drainTo(left, 1000);
        assertThat(left).hasSize(10);
        assertThat(left.get(0).sequence()).isEqualTo(91);
        assertThat(handoff.dropped()).isEqualTo(90);
        assertThat(handoff.isEmpty()).isTrue();
    }

    @Test
    void losesNothingBetweenItsTwoThreads() throws InterruptedException {
        Bell bell = new Bell();
        Handoff handoff = new Handoff(1L << 40, bell);
        int count = 200_000;
        List<Packet> taken = new ArrayList<>();
        Thread sender = new Thread(() -> {
            bell.listener(Thread.currentThread());
            while (taken.size() < count) {
                handoff.drainTo(taken, 100);
                bell.parkUnless(() -> !handoff.isEmpty() || taken.size() == count, 60_000_000_000L);
            }
        });
        bell.listener(sender);
        Packet packet = aPacket(2, 1, 10);
        sender.start();
        for (int i = 0; i < count; i++) {
            handoff.offer(packet);
        }
        sender.join(30_000);
        assertThat(sender.isAlive()).isFalse();
        assertThat(taken).hasSize(count);
    }
}
