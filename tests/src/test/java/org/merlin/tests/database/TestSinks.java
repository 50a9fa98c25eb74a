package org.merlin.tests.database;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.sink.NodeKnowledge;
import org.merlin.daemon.sink.Sink;
import org.merlin.daemon.sink.sql.SqlHistory;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.time.NanoClock;

/** Writers of a test, as daemons have them. */
final class TestSinks implements AutoCloseable {
    private static final NodeKnowledge KNOWS_NOTHING = new Knowledge(() -> Optional::empty, List.of());

    private final Path place;
    private final List<Sink> sinks = new ArrayList<>();

    /** What a node knows. */
    record Knowledge(Supplier<NodeKnowledge.Walk> walks, List<NodeKnowledge.Generation> generations)
            implements NodeKnowledge {
        @Override
        public String nodeName(long origin) {
            return origin == NodeId.of("m1").origin() ? "m1" : Long.toHexString(origin);
        }

        @Override
        public Walk states() {
            return walks.get();
        }
    }

    TestSinks(Path place) {
        this.place = place;
    }

    /** Starts one. */
    Sink start(String node, WrittenLog of, MerlinConf.Database conf, Path folder) {
        return start(node, of, conf, folder, KNOWS_NOTHING);
    }

    /** Starts one that knows how everything stands. */
    Sink start(String node, WrittenLog of, MerlinConf.Database conf, Path folder, NodeKnowledge knowledge) {
        return start(node, of, conf, folder, knowledge, NanoClock.SYSTEM, () -> System.currentTimeMillis() * 1000);
    }

    /** Starts one with a wall clock of its own. */
    Sink start(String node, WrittenLog of, MerlinConf.Database conf, Path folder, LongSupplier wallMicros) {
        return start(node, of, conf, folder, KNOWS_NOTHING, NanoClock.SYSTEM, wallMicros);
    }

    /** Starts one with a clock of its own. */
    Sink start(String node, WrittenLog of, MerlinConf.Database conf, NanoClock clock) {
        return start(node, of, conf, place, KNOWS_NOTHING, clock, () -> System.currentTimeMillis() * 1000);
    }

    private Sink start(
            String node,
            WrittenLog of,
            MerlinConf.Database conf,
            Path folder,
            NodeKnowledge knowledge,
            NanoClock clock,
            LongSupplier wallMicros) {
        Sink sink = new Sink(
                conf,
                node,
                of.log(),
                place.resolve(node),
                () -> SqlHistory.open(conf, folder, node, clock, wallMicros),
                knowledge,
                clock,
                wallMicros,
                new Journal(clock));
        sinks.add(sink);
        sink.start();
        return sink;
    }

    /** Waits until it has written all. */
    static Sink written(Sink sink) {
        await().atMost(Duration.ofSeconds(20))
                .until(sink::view, view -> view.state().equals("writing") && view.lagEvents() == 0);
        return sink;
    }

    @Override
    public void close() {
        sinks.forEach(Sink::close);
    }
}
