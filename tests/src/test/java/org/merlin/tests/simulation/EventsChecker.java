package org.merlin.tests.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.merlin.module.Memory;
import org.merlin.protocol.control.Marks;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.Message;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;
import org.merlin.protocol.wire.StreamId;

/**
 * Results of one run of a scheduler come to every other in their order, each once to a run, with no hole that nobody has named,
 * and nothing comes back to its origin. Looks at each event as it is applied, and at each message as it arrives.
 */
final class EventsChecker {
    private final World world;
    private final ChaosShape shape;
    private final Map<String, ChaosNode> nodes;
    private final Map<Long, String> names = new HashMap<>();
    private final EventCodec codec = new EventCodec();
    private final Map<StreamId, TreeMap<Long, Result>> told = new HashMap<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Map<StreamId, Long> accepted = new HashMap<>();
    private final Map<String, Map<StreamId, Long>> applied = new HashMap<>();
    private final Map<String, Map<StreamId, List<Chunk>>> namedLost = new HashMap<>();
    /** What a scheduler has said it has, and may have forgotten since, with an old retention; then no log has it any more. */
    private final Map<String, Map<StreamId, Long>> acknowledged = new HashMap<>();

    private final Set<String> mayLose = new HashSet<>();
    /** Who has asked whom for a stream. */
    private final Map<String, Set<StreamId>> wanted = new HashMap<>();
    /** Results that a scheduler was given as items of a state table, and those of them that it has applied. */
    private final Map<String, Set<String>> items = new HashMap<>();

    private final Map<String, Set<String>> appliedItems = new HashMap<>();
    private long results;
    private Optional<Set<String>> calm = Optional.empty();

    private record Result(String output, MonitoredObject object) {}

    private record Place(StreamId stream, long sequence) {}

    EventsChecker(World world, ChaosShape shape, Map<String, ChaosNode> nodes) {
        this.world = world;
        this.shape = shape;
        this.nodes = nodes;
        nodes.keySet().forEach(name -> names.put(NodeId.of(name).origin(), name));
    }

    /** How many results were applied. */
    long results() {
        return results;
    }

    /** From now on nothing breaks: what goes between two nodes goes once. */
    void calm() {
        calm = Optional.of(new HashSet<>());
    }

    /** From now on something may be named as lost: bounds are small, or a disk lost its tail. */
    void mayLose(String why) {
        mayLose.add(why);
    }

    boolean mayHaveLost() {
        return !mayLose.isEmpty();
    }

    void onSchedulerStart(String node, List<Memory.Applied> kept) {
        Map<StreamId, Long> marks = new HashMap<>();
        kept.forEach(of -> marks.put(new StreamId(of.origin(), of.epoch()), of.sequence()));
        applied.put(node, marks);
    }

    /** Between nodes, or from a module to its daemon. */
    void taken(String from, String to, Message message) {
        if (from.endsWith(" module")) {
            noteAcknowledged(from.substring(0, from.length() - " module".length()), message);
            message.accept(new Chunks(this::onTold));
        } else if (!to.endsWith(" module")) {
            noteWanted(from, to, message);
            message.accept(new Chunks(chunk -> {
                if (chunk.items()
                        || wanted.getOrDefault(to + " > " + from, Set.of()).contains(chunk.stream())) {
                    return; // asked for
                }
                if (calm.isPresent() && !calm.get().add(from + " > " + to + ": " + chunk)) {
                    throw new Violation("circling", from + " brings " + to + " again what nobody asked for: " + chunk);
                }
                if (chunk.stream().origin() == NodeId.of(to).origin() && chunk.count() > 0) {
                    throw new Violation("circling", from + " brings " + to + " events of its own: " + chunk);
                }
            }));
        }
    }

    private void noteAcknowledged(String node, Message message) {
        if (message instanceof Message.Control control && control.code() == PacketType.MARKS) {
            try {
                Map<StreamId, Long> all = acknowledged.computeIfAbsent(node, any -> new HashMap<>());
                Marks.decode(control.body().duplicate())
                        .marks()
                        .forEach(mark -> all.merge(mark.stream(), mark.sequence(), Math::max));
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void noteWanted(String from, String to, Message message) {
        if (message instanceof Message.Control control && control.code() == PacketType.MARKS) {
            try {
                Marks marks = Marks.decode(control.body().duplicate());
                if (marks.kind() == Marks.Kind.WANTED) {
                    Set<StreamId> all = wanted.computeIfAbsent(from + " > " + to, any -> new HashSet<>());
                    marks.marks().forEach(mark -> all.add(mark.stream()));
                }
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }
    }

    private record Chunks(java.util.function.Consumer<Chunk> what) implements Message.Visitor<Void> {
        @Override
        public Void control(Message.Control control) {
            return null;
        }

        @Override
        public Void chunk(Chunk chunk) {
            what.accept(chunk);
            return null;
        }
    }

    private void onTold(Chunk chunk) {
        PacketCursor cursor = new PacketCursor();
        var in = chunk.packets();
        while (Chunk.nextTrusted(cursor, in)) {
            try {
                Event event = codec.decode(cursor.type(), cursor.body());
                if (!(event instanceof CheckResult result)) {
                    continue;
                }
                Place place = new Place(chunk.stream(), cursor.sequence());
                String output = result.output().text();
                Place before = places.put(output, place);
                if (before != null && !before.equals(place)) {
                    throw new Violation("order", "one result has two numbers: " + before + ", " + place);
                }
                told.computeIfAbsent(chunk.stream(), any -> new TreeMap<>())
                        .put(cursor.sequence(), new Result(output, result.object()));
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** From a daemon to its module. */
    void onLocal(String node, Message message) {
        message.accept(new Message.Visitor<Void>() {
            @Override
            public Void control(Message.Control control) {
                if (control.code() == PacketType.MARKS) {
                    onMarks(node, control);
                }
                return null;
            }

            @Override
            public Void chunk(Chunk chunk) {
                if (chunk.lost()) {
                    onLost(node, chunk);
                } else if (chunk.items()) {
                    onItems(node, chunk);
                }
                return null;
            }
        });
    }

    private void onMarks(String node, Message.Control control) {
        try {
            for (Marks.Mark mark : Marks.decode(control.body().duplicate()).marks()) {
                if (mark.stream().origin() == NodeId.of(node).origin()) {
                    accepted.merge(mark.stream(), mark.sequence(), Math::max);
                }
            }
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
    }

    private void onLost(String node, Chunk chunk) {
        boolean forgotten = chunk.stream().origin() == NodeId.of(node).origin()
                || chunk.upTo() <= acknowledged.getOrDefault(node, Map.of()).getOrDefault(chunk.stream(), 0L);
        if (mayLose.isEmpty() && !chunk.byState() && !forgotten) {
            throw new Violation("gaps", "a gap is named to " + node + " for no reason: " + chunk);
        }
        namedLost
                .computeIfAbsent(node, any -> new HashMap<>())
                .computeIfAbsent(chunk.stream(), any -> new ArrayList<>())
                .add(chunk);
    }

    private void onItems(String node, Chunk chunk) {
        PacketCursor cursor = new PacketCursor();
        var in = chunk.packets();
        while (Chunk.nextTrusted(cursor, in)) {
            try {
                if (EventCodec.knows(cursor.type())
                        && codec.decode(cursor.type(), cursor.body()) instanceof CheckResult result) {
                    items.computeIfAbsent(node, any -> new HashSet<>())
                            .add(result.output().text());
                }
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }
    }

    void onApplied(String node, String output) {
        results++;
        Place place = places.get(output);
        if (place == null) {
            throw new Violation("order", node + " applies what nobody told: " + output);
        }
        if (items.getOrDefault(node, Set.of()).contains(output)) {
            appliedItems.computeIfAbsent(node, any -> new HashSet<>()).add(output);
            return; // of any stream, in any order
        }
        Map<StreamId, Long> marks = applied.get(node);
        long last = marks.getOrDefault(place.stream, 0L);
        if (place.sequence <= last) {
            throw new Violation(
                    "order",
                    node + " applies " + place.sequence + " of " + place.stream + " after " + last + ": " + output);
        }
        noHole(node, place.stream, last, place.sequence);
        marks.put(place.stream, place.sequence);
    }

    private void noHole(String node, StreamId stream, long after, long before) {
        told.get(stream).subMap(after, false, before, false).forEach((sequence, result) -> {
            if (isOwed(node, result.object)
                    && !isNamedLost(node, stream, sequence)
                    && !appliedItems.getOrDefault(node, Set.of()).contains(result.output)) {
                throw new Violation(
                        "holes",
                        node + " has " + before + " of " + stream + " by " + names.get(stream.origin())
                                + ", and before it " + after + ", but never " + sequence + ": " + result.output);
            }
        });
    }

    private boolean isNamedLost(String node, StreamId stream, long sequence) {
        return namedLost.getOrDefault(node, Map.of()).getOrDefault(stream, List.of()).stream()
                .anyMatch(chunk -> chunk.after() < sequence && sequence <= chunk.upTo());
    }

    /** Whether routing gives an event to a scheduler, which has loaded its object. */
    private boolean isOwed(String node, MonitoredObject object) {
        return nodes.get(node).indexOf(object) >= 0;
    }

    /** All that daemons acknowledged is everywhere, now that it is quiet. */
    void allIsThere(Set<String> present) {
        for (String node : present) {
            Map<StreamId, Long> marks = new HashMap<>();
            nodes.get(node).applied().forEach(of -> marks.put(new StreamId(of.origin(), of.epoch()), of.sequence()));
            accepted.forEach((stream, mark) -> {
                String origin = names.get(stream.origin());
                boolean away = !present.contains(origin);
                Map<Long, Result> all = told.getOrDefault(stream, new TreeMap<>());
                all.forEach((sequence, result) -> {
                    if (sequence <= mark
                            && !away
                            && sequence > marks.getOrDefault(stream, 0L)
                            && isOwed(node, result.object)) {
                        throw new Violation(
                                "delivery",
                                node + " has " + marks.getOrDefault(stream, 0L) + " of " + stream + " by " + origin
                                        + ", whose daemon took up to " + mark + " and owes it " + sequence + ": "
                                        + result.output);
                    }
                });
            });
        }
    }
}
