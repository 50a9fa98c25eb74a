package org.merlin.daemon;

import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.sink.PresentStates;
import org.merlin.daemon.state.StateTable;

/**
 * The state table, page by page, for a thread that may wait: each page is made on the cluster's loop, and short. A loop that has ended
 * has no further page.
 */
final class StatePages implements PresentStates {
    private static final int PAGE_BYTES = 256 * 1024;
    private static final int PAGE_SLOTS = 2_000;
    private static final int MOST_SECONDS = 30;

    private final Cluster cluster;
    private final EventLoop loop;

    StatePages(Cluster cluster, EventLoop loop) {
        this.cluster = cluster;
        this.loop = loop;
    }

    @Override
    public Walk walk() {
        Optional<StateTable.Walk> walk =
                onLoop(() -> Optional.of(cluster.state().walk(any -> true)));
        return () -> walk.flatMap(begun -> onLoop(() -> begun.next(PAGE_BYTES, PAGE_SLOTS)));
    }

    private <T> Optional<T> onLoop(Callable<Optional<T>> question) {
        if (loop.isShuttingDown()) {
            return Optional.empty();
        }
        try {
            return loop.submit(question).get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
