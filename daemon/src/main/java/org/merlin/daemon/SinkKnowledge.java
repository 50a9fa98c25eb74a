package org.merlin.daemon;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.merlin.confsync.generation.SyncView;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.sink.NodeKnowledge;
import org.merlin.daemon.state.StateTable;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.time.WallClock;

/**
 * What the database's writer learns of this node from other threads. Pages of the state table are made on the cluster's loop, each
 * short; a loop that has ended has no further page. Thread-safe.
 */
final class SinkKnowledge implements NodeKnowledge {
    private static final int PAGE_BYTES = 256 * 1024;
    private static final int PAGE_SLOTS = 2_000;
    private static final int MOST_SECONDS = 30;

    private final Cluster cluster;
    private final EventLoop loop;
    private final Map<Long, String> names = new ConcurrentHashMap<>();
    private final Map<String, Generation> runs = new ConcurrentHashMap<>();

    SinkKnowledge(MerlinConf conf, Cluster cluster, EventLoop loop) {
        this.cluster = cluster;
        this.loop = loop;
        onNode(conf.nodeName());
        conf.nodes().forEach(node -> onNode(node.name()));
    }

    void onNode(String name) {
        names.put(NodeId.of(name).origin(), name);
    }

    void onRuns(String node, SyncView.Entry generation) {
        runs.put(
                node,
                new Generation(node, generation.hash(), WallClock.micros(), generation.author(), generation.note()));
    }

    @Override
    public String nodeName(long origin) {
        return names.getOrDefault(origin, Long.toHexString(origin));
    }

    @Override
    public List<Generation> generations() {
        return List.copyOf(runs.values());
    }

    @Override
    public Walk states() {
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
