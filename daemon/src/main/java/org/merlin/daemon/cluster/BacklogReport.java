package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.status.BacklogView;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.PacketCursor;

/** Answers what waits for whom, drops it, and reads it out. On the cluster loop. */
public final class BacklogReport {
    private static final int PAGE_BYTES = 256 << 10;
    private static final int PAGE_RECORDS = 2_000;

    private final Cluster cluster;

    public BacklogReport(Cluster cluster) {
        this.cluster = cluster;
    }

    private record Owner(String name, String type, Feed feed, MerlinConf.Backlog bounds) {}

    private List<Owner> owners() {
        List<Owner> owners = new ArrayList<>();
        owners.add(new Owner(
                cluster.selfName(),
                "local",
                cluster.module().feed(),
                cluster.conf().backlog()));
        cluster.nodes()
                .forEach(node -> owners.add(new Owner(
                        node.id().name(),
                        node.conf().role().word(),
                        node.feed(),
                        node.conf().backlog())));
        return owners;
    }

    private Optional<Owner> owner(String name) {
        return owners().stream().filter(owner -> owner.name.equals(name)).findFirst();
    }

    /** All backlogs as they are now. */
    public BacklogView view() {
        Store store = cluster.store();
        long nowMicros = cluster.clocks().wallMicros().getAsLong();
        return new BacklogView(
                1,
                cluster.selfName(),
                new BacklogView.Log(
                        store.end() - store.start(),
                        store.bytes(),
                        cluster.conf().logMaxBytes(),
                        store.usableBytes(),
                        store.roomy()),
                owners().stream().map(owner -> backlog(owner, nowMicros)).toList());
    }

    private BacklogView.Backlog backlog(Owner owner, long nowMicros) {
        Feed.Distance distance = owner.feed.distance();
        Map<Long, String> names = names();
        return new BacklogView.Backlog(
                owner.name,
                owner.type,
                owner.feed.open(),
                distance.events(),
                distance.bytes(),
                distance.oldestMicros() == 0 ? 0 : Math.max(0, (nowMicros - distance.oldestMicros()) / 1_000_000.0),
                distance.dropped(),
                owner.bounds.maxBytes(),
                owner.bounds.maxAge().toMillis() / 1000.0,
                owner.bounds.minFreeBytes(),
                owner.feed.gaps().stream()
                        .map(gap -> new BacklogView.Gap(
                                origin(names, gap.stream().origin()),
                                Integer.toUnsignedLong(gap.stream().epoch()),
                                gap.after(),
                                gap.upTo()))
                        .toList());
    }

    private Map<Long, String> names() {
        return Stream.concat(
                        Stream.of(NodeId.of(cluster.selfName())),
                        cluster.nodes().stream().map(Node::id))
                .collect(Collectors.toMap(NodeId::origin, NodeId::name, (a, b) -> a));
    }

    private static String origin(Map<Long, String> names, long origin) {
        return names.getOrDefault(origin, String.format("%016x", origin));
    }

    /**
     * Drops what waits for a node.
     *
     * @param olderThanMicros only what is older than that; 0 for all
     */
    public void drop(String name, long olderThanMicros, Consumer<BacklogView.Dropped> answer) {
        Optional<Owner> owner = owner(name);
        if (owner.isEmpty()) {
            answer.accept(new BacklogView.Dropped(name, unknown(name), 0, true));
            return;
        }
        long before = owner.get().feed.gone();
        long since = olderThanMicros == 0
                ? Long.MAX_VALUE
                : cluster.clocks().wallMicros().getAsLong() - olderThanMicros;
        cluster.flow()
                .drop(
                        owner.get().feed,
                        since,
                        finished -> answer.accept(new BacklogView.Dropped(
                                name, "", owner.get().feed.gone() - before, finished)));
    }

    private String unknown(String name) {
        return "there is no node '" + name + "' in " + cluster.conf().file();
    }

    /**
     * A part of what waits for a node, or of all that the log holds.
     *
     * @param name of the node; empty for all
     * @param from position where the part begins, 0 for the first
     */
    public BacklogView.Page page(String name, long from) {
        Optional<Owner> owner = owner(name);
        if (owner.isEmpty() && !name.isEmpty()) {
            return new BacklogView.Page(unknown(name), 0, true, List.of());
        }
        List<BacklogView.Event> events = new ArrayList<>();
        Map<Long, String> names = names();
        long next = Math.max(
                from,
                owner.map(whose -> whose.feed.needs()).orElse(cluster.store().start()));
        long bytes = 0;
        try (EventLog.Reader log = cluster.store().reader(next)) {
            for (int i = 0; i < PAGE_RECORDS && bytes < PAGE_BYTES; i++) {
                if (!log.next()) {
                    return new BacklogView.Page("", next, true, events);
                }
                if (log.position() >= next && LogRecord.kind(log.record()) == LogRecord.CHUNK) {
                    Chunk chunk = LogRecord.readChunk(log.record());
                    bytes += add(chunk, owner.map(Owner::feed), names, events);
                }
                next = Math.max(next, log.position() + log.events());
            }
        }
        return new BacklogView.Page("", next, false, events);
    }

    private static long add(Chunk chunk, Optional<Feed> feed, Map<Long, String> names, List<BacklogView.Event> events) {
        PacketCursor cursor = new PacketCursor();
        ByteBuffer in = chunk.packets();
        long bytes = 0;
        while (Chunk.nextTrusted(cursor, in)) {
            if (feed.isEmpty() || feed.get().isOwed(chunk.stream(), cursor)) {
                events.add(ExportedEvent.of(cursor, origin(names, cursor.origin())));
                bytes += cursor.bytes();
            }
        }
        return bytes;
    }
}
