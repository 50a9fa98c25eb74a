package org.merlin.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A system whose resolver hangs at some names. */
class SystemNamesTest {
    /** One in which no service is looked for leads to no other name. */
    private static final Search HOST = new Search(null, null, OptionalLong.empty(), 1, false);

    private final CountDownLatch answer = new CountDownLatch(1);
    private final SystemNames system = new SystemNames(this::look, SystemNames.OF_THIS_MACHINE, new Random(1));

    private InetAddress[] look(String name) throws UnknownHostException {
        if (name.startsWith("slow")) {
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(name);
        }
        return InetAddress.getAllByName("127.0.0.7");
    }

    @AfterEach
    void end() {
        answer.countDown();
        system.close();
    }

    private CompletableFuture<List<InetSocketAddress>> find(String name) {
        return system.find(name, 1, HOST);
    }

    @Test
    void aNameThatNobodyAnswersForHoldsUpNoOther() throws Exception {
        for (int i = 1; i < SystemNames.THREADS; i++) {
            find("slow" + i);
        }
        assertThat(find("fast").get(10, TimeUnit.SECONDS)).containsExactly(new InetSocketAddress("127.0.0.7", 1));
    }

    @Test
    void whoIsOneTooManyIsToldSo() throws Exception {
        CompletableFuture<List<InetSocketAddress>> first = find("slow");
        CompletableFuture<List<InetSocketAddress>> last = first;
        for (int i = 0; i < SystemNames.THREADS + SystemNames.MAX_WAITING; i++) {
            last = find("slow");
        }
        assertThatThrownBy(last::join)
                .hasMessageContaining("slow is not looked up: 16000 names wait for the system's resolver");
        answer.countDown();
        assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS)).hasMessageContaining("there is no address for slow");
    }
}
