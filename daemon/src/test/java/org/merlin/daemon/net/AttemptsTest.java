package org.merlin.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private final Attempts attempts = new Attempts();

    private static List<InetSocketAddress> addresses(int... ports) {
        return IntStream.of(ports)
                .mapToObj(port -> new InetSocketAddress("127.0.0.1", port))
                .toList();
    }

    private List<InetSocketAddress> dial(InetSocketAddress... found) {
        List<InetSocketAddress> next = attempts.next("yoda", List.of(found));
        next.forEach(address -> attempts.begin("yoda", address));
        return next;
    }

    private List<InetSocketAddress> dial(int... ports) {
        return dial(addresses(ports).toArray(InetSocketAddress[]::new));
    }

    @Test
    void successiveDialsGoThroughAllAddresses() {
        List<InetSocketAddress> tried = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tried.addAll(dial(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        }
        assertThat(tried).containsExactlyElementsOf(addresses(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        assertThat(dial(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)).containsExactlyElementsOf(addresses(1, 2, 3, 4));
    }

    @Test
    void anAddressThatWasConnectedInVainIsTheLastNextTime() {
        attempts.begin("yoda", addresses(1).get(0));
        assertThat(attempts.next("yoda", addresses(1, 2))).containsExactlyElementsOf(addresses(2, 1));
        assertThat(attempts.next("luke", addresses(1, 2))).containsExactlyElementsOf(addresses(1, 2));
    }

    @Test
    void aLinkBeginsAnew() {
        dial(1);
        attempts.end("yoda");
        assertThat(dial(1, 2)).containsExactlyElementsOf(addresses(1, 2));
    }

    @Test
    void addressesThatANameNoLongerHasAreForgotten() {
        dial(1, 2);
        dial(3);
        assertThat(dial(1, 3)).containsExactlyElementsOf(addresses(1, 3));
    }
}
