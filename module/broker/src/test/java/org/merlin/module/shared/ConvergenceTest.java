package org.merlin.module.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.merlin.module.Broker.CommentKind;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Timing;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.slot.SlotTable;

/** Three nodes on which people do things at random, told to each other in any order: at the end all have the same. */
class ConvergenceTest {
    private static final int NODES = 3;
    private static final List<MonitoredObject> OBJECTS =
            List.of(MonitoredObject.ofHost("web"), MonitoredObject.ofService("web", "http"));
    private static final List<String> ATTRIBUTES = List.of("checks", "notifications");

    private long clock = 1_000_000;

    /** An event as it is told. */
    private record Told(EventName name, Event event, int index, int revision, long micros) {}

    private final class Node implements Teller {
        private final long origin;
        private final List<Told> stream = new ArrayList<>();
        private int epoch = 1;
        private int sequence;
        private final int[] heard = new int[NODES];
        private final ModelScheduler scheduler = new ModelScheduler(OBJECTS);
        private final KnownStates states;
        private Ledger ledger;
        private Registers registers;
        private Acknowledgements acknowledgements;

        Node(long origin) {
            this.origin = origin;
            SlotTable slots = SlotTable.of(OBJECTS, List.of(List.of(), List.of()), List.of());
            states = new KnownStates(slots, origin, new int[OBJECTS.size()]);
            build(slots);
        }

        private void build(SlotTable slots) {
            ObjectIndex objects = new ObjectIndex(slots);
            ledger = new Ledger(scheduler, objects, this);
            registers = new Registers(scheduler, objects, this);
            acknowledgements = new Acknowledgements(scheduler, objects, states, ledger, this);
            scheduler.listener = ledger;
            scheduler.echo = acknowledgements;
        }

        /** The scheduler ends and starts again; what it and the module keep comes back. */
        void restart() {
            List<String> kept = new ArrayList<>(ledger.lines().get());
            kept.addAll(registers.lines().get());
            kept.addAll(acknowledgements.lines().get());
            build(SlotTable.of(OBJECTS, List.of(List.of(), List.of()), List.of()));
            for (String line : kept) {
                List<String> fields = SharedLines.fields(line);
                ledger.read(fields);
                registers.read(fields);
                acknowledgements.read(fields);
            }
            scheduler.forgetWhatIsNotPersistent();
            ledger.onLoaded(seconds());
        }

        /** So does it where its daemon could not take what it said last; the daemon tells it what it knows. */
        void restartUnheard(int heardByOthers, List<Node> nodes) {
            stream.subList(heardByOthers, stream.size()).removeIf(told -> !(told.event instanceof CheckResult));
            epoch++;
            sequence = 0;
            restart();
            List.copyOf(stream).forEach(this::isTold);
            for (int from = 0; from < NODES; from++) {
                nodes.get(from).stream.subList(0, heard[from]).forEach(this::isTold);
            }
            registers.repeat();
            acknowledgements.repeat();
            ledger.repeat(seconds());
        }

        /** As an item of the state table. */
        private void isTold(Told told) {
            Event event = told.event;
            EventName name = told.name;
            if (event instanceof Repetition repetition) {
                event = repetition.event();
                name = repetition.name(told.name.origin());
            }
            if (event instanceof Acknowledgement || event instanceof Downtime) {
                ledger.onToldWithComment(told.index, name);
            }
            boolean deleted = event instanceof Comment
                            && ledger.repeatDeletion(Deletion.Kind.COMMENT, told.index, name, seconds())
                    || event instanceof Downtime
                            && ledger.repeatDeletion(Deletion.Kind.DOWNTIME, told.index, name, seconds());
            if (!deleted) {
                hears(told, event, name);
            }
        }

        @Override
        public EventName tell(int index, Event event, int revision, long timeMicros) {
            EventName name = new EventName(origin, epoch, ++sequence);
            stream.add(new Told(name, event, index, revision, timeMicros));
            return name;
        }

        @Override
        public EventName tellAll(long key, Event event, int revision, long timeMicros, boolean masters) {
            return tell(-1, event, revision, timeMicros);
        }

        @Override
        public long origin() {
            return origin;
        }

        void found(int index, int state) {
            int last = scheduler.states[index];
            int revision = states.revision(index) + 1;
            CheckResult result =
                    result(index, last, state).of(states.problem(index).then(last, state, revision));
            tell(index, result, revision, ++clock);
            states.set(index, revision, clock, origin);
            states.setState(index, result);
            scheduler.process(index, state);
            acknowledgements.onState(index);
        }

        void hears(Told told) {
            hears(told, told.event, told.name);
        }

        private void hears(Told told, Event event, EventName name) {
            Version version = new Version(told.revision, told.micros, told.name.origin());
            event.accept(new Event.Visitor<Void>() {
                @Override
                public Void checkResult(CheckResult result) {
                    if (states.isNewer(told.index, told.revision, told.micros, told.name.origin())) {
                        states.set(told.index, told.revision, told.micros, told.name.origin());
                        states.setState(told.index, result);
                        scheduler.process(told.index, result.state());
                        acknowledgements.onState(told.index);
                    }
                    return null;
                }

                @Override
                public Void comment(Comment comment) {
                    ledger.take(told.index, name, comment, false, seconds());
                    return null;
                }

                @Override
                public Void downtime(Downtime downtime) {
                    ledger.take(told.index, name, downtime, false, seconds());
                    return null;
                }

                @Override
                public Void deletion(Deletion deletion) {
                    ledger.take(deletion, seconds());
                    return null;
                }

                @Override
                public Void acknowledgement(Acknowledgement acknowledgement) {
                    acknowledgements.take(told.index, name, acknowledgement, version, false);
                    return null;
                }

                @Override
                public Void register(Register register) {
                    registers.take(register, version);
                    return null;
                }

                @Override
                public Void repetition(Repetition repetition) {
                    hears(told, repetition.event(), repetition.name(told.name.origin()));
                    return null;
                }

                @Override
                public Void externalCommand(ExternalCommand command) {
                    return null;
                }

                @Override
                public Void notification(Notification notification) {
                    return null;
                }

                @Override
                public Void contactNotification(ContactNotification notification) {
                    return null;
                }
            });
        }
    }

    private long seconds() {
        return clock / 1_000_000;
    }

    private static CheckResult result(int index, int last, int state) {
        return new CheckResult(
                OBJECTS.get(index),
                state,
                StateType.HARD,
                1,
                1,
                CheckType.ACTIVE,
                Output.of(""),
                new Timing(0, 0, 0, 0, 0),
                new History(last, state, 0, 0, LastTimes.NEVER, 0, 0, 0, 0, false, 0),
                NotificationCount.NONE);
    }

    @Property(tries = 400)
    void allHaveTheSameInTheEndInWhateverOrderTheyHearOfIt(@ForAll long seed) {
        allHaveTheSameInTheEnd(new Random(seed), false);
    }

    /** What a node said and nobody heard before its scheduler was started again, with all that it had kept, is not its alone. */
    @Property(tries = 400)
    void allHaveTheSameInTheEndThoughSomeOfItWasLostOnItsWay(@ForAll long seed) {
        allHaveTheSameInTheEnd(new Random(seed), true);
    }

    private void allHaveTheSameInTheEnd(Random random, boolean lossy) {
        List<Node> nodes = Stream.of(11L, 22L, 33L).map(Node::new).toList();
        for (int step = 0; step < 120; step++) {
            if (lossy && random.nextInt(20) == 0) {
                somebodyIsNotHeard(nodes, random.nextInt(NODES));
            } else if (random.nextBoolean()) {
                somebodyDoesSomething(nodes.get(random.nextInt(NODES)), random);
            } else {
                nodes.forEach(node -> node.ledger.deleteOrphans(seconds()));
                somebodyHears(nodes, random.nextInt(NODES), random.nextInt(NODES));
            }
        }
        for (boolean more = true; more; ) {
            more = false;
            for (int from = 0; from < NODES; from++) {
                for (int to = 0; to < NODES; to++) {
                    more |= somebodyHears(nodes, from, to);
                }
                nodes.get(from).ledger.deleteOrphans(seconds());
            }
        }
        for (Node node : nodes) {
            assertThat(node.scheduler.shown()).isEqualTo(nodes.get(0).scheduler.shown());
        }
    }

    private static void somebodyIsNotHeard(List<Node> nodes, int who) {
        nodes.get(who)
                .restartUnheard(
                        nodes.stream().mapToInt(node -> node.heard[who]).max().orElseThrow(), nodes);
    }

    private static boolean somebodyHears(List<Node> nodes, int from, int to) {
        Node speaker = nodes.get(from);
        Node listener = nodes.get(to);
        if (from == to || listener.heard[from] == speaker.stream.size()) {
            return false;
        }
        listener.hears(speaker.stream.get(listener.heard[from]++));
        return true;
    }

    private void somebodyDoesSomething(Node node, Random random) {
        int index = random.nextInt(OBJECTS.size());
        MonitoredObject object = OBJECTS.get(index);
        clock += 1 + random.nextInt(3);
        ModelScheduler at = node.scheduler;
        switch (random.nextInt(9)) {
            case 0 -> {
                Comment comment = new Comment(object, seconds(), "anna", "c" + clock, random.nextInt(4) != 0, 1, 0);
                node.ledger.onComment(index, at.addComment(index, comment), CommentKind.USER, comment);
            }
            case 1 ->
                at.anyComment(random).ifPresent(id -> {
                    at.comments.remove(id);
                    node.ledger.onGone(Deletion.Kind.COMMENT, id, true, seconds());
                });
            case 2 -> {
                Downtime downtime = new Downtime(
                        object, seconds(), "anna", "d" + clock, 0, Long.MAX_VALUE, true, 0, EventName.NONE);
                long trigger = random.nextBoolean() ? 0 : at.anyDowntime(random).orElse(0L);
                at.schedule(index, downtime, trigger);
            }
            case 3 ->
                at.anyDowntime(random)
                        .ifPresent(id -> at.deleteDowntimes(id)
                                .forEach(gone -> node.ledger.onGone(Deletion.Kind.DOWNTIME, gone, true, seconds())));
            case 4 -> {
                if (at.states[index] != 0) {
                    Acknowledgement given = new Acknowledgement(
                            object,
                            true,
                            0,
                            0,
                            random.nextBoolean(),
                            random.nextBoolean(),
                            false,
                            "anna",
                            "a" + clock,
                            seconds(),
                            0);
                    node.acknowledgements.onSet(index, given, clock);
                    at.set(index, given);
                    at.commentFor(index, CommentKind.ACKNOWLEDGEMENT, given.text(), given.persistent());
                }
            }
            case 5 -> {
                at.clear(index);
                node.acknowledgements.onSet(index, Acknowledgement.removed(object, seconds()), clock);
            }
            case 6 -> {
                Register register =
                        Register.of(object, ATTRIBUTES.get(random.nextInt(2)), Integer.toString(random.nextInt(2)));
                at.set(register);
                node.registers.onSet(register, clock);
            }
            case 7 -> {
                if (random.nextInt(4) == 0) {
                    node.restart();
                }
            }
            default -> node.found(index, random.nextInt(3));
        }
    }
}
