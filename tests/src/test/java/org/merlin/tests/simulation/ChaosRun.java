package org.merlin.tests.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.merlin.daemon.cluster.ClusterBounds;
import org.merlin.daemon.status.ClusterView;
import org.merlin.module.Memory;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.wire.Message;

/**
 * A cluster of a shape, and what goes wrong in it, both by one seed; with people who comment and acknowledge, problems that come and go,
 * and checkers that look on. In the end all is mended, and all nodes must be equal.
 */
final class ChaosRun {
    private static final long SECOND = 1_000_000_000L;
    private static final long LOOK_NANOS = 100_000_000L;
    private static final long CHECK_NANOS = 5 * SECOND;
    private static final Duration LONGEST_DAMPING = Duration.ofMinutes(12);

    private final ChaosShape shape;
    private final ChaosFaults faults;
    private final List<Integer> left;
    private final World world;
    private final Network network;
    private final Map<String, ChaosNode> nodes = new LinkedHashMap<>();
    private final Map<MonitoredObject, Problem> problems = new HashMap<>();
    private final Set<String> gone = new LinkedHashSet<>();
    /** What these nodes told others last, and their own disks do not have. */
    private final Map<String, List<String>> overBefore = new HashMap<>();

    private final Set<String> tailsLost = new LinkedHashSet<>();

    private final List<String> happened = new ArrayList<>();
    private final ChaosGround ground;
    private final RunnersChecker runners;
    private final EventsChecker events;
    private final MailsChecker mails;
    private final String words;
    private boolean checking = true;
    private boolean mended;
    private final Set<String> otherLists = new LinkedHashSet<>();
    private long looks;
    private long people;
    private long trace = 1;

    private record Problem(int number, int state) {}

    /**
     * Puts it together.
     *
     * @param left numbers of the faults that are left out
     * @param folder for what modules keep on disk
     */
    ChaosRun(long seed, List<Integer> left, Path folder) {
        SplittableRandom random = new SplittableRandom(seed);
        this.shape = ChaosShape.of(random);
        this.faults = new ChaosFaults(seed, shape);
        this.left = left;
        this.words = shape.longWords() > 0 ? "x".repeat(shape.longWords()) : "";
        this.world = new World(seed);
        this.network = new Network(world);
        if (random.nextBoolean()) {
            network.cutsStall();
        }
        long retentionNanos = random.nextBoolean() ? SECOND : 10 * SECOND;
        Around around = new Around();
        for (String name : shape.names()) {
            nodes.put(
                    name,
                    new ChaosNode(
                            world,
                            network,
                            shape.conf(name, folder.resolve(name)),
                            shape.objects(name, Optional.empty()),
                            random.nextLong(-600_000_000L, 600_000_000L),
                            CHECK_NANOS,
                            retentionNanos,
                            around));
        }
        this.ground = new ChaosGround(world, network, shape, nodes);
        this.runners = new RunnersChecker(world, ground, shape, nodes);
        this.events = new EventsChecker(world, shape, nodes);
        this.mails = new MailsChecker(world, ground);
        network.tap((from, to, message) -> {
            trace = 31 * trace + from.hashCode() + 7L * to.hashCode() + world.nowNanos();
            events.taken(from, to, message);
        });
        if (shape.smallBounds()) {
            events.mayLose("small bounds");
        }
        shape.hosts().forEach(host -> problems.put(host.object(), new Problem(0, 0)));
    }

    /** Runs it to its end, wherever that is. */
    void run() {
        for (ChaosFaults.Fault fault : faults.all()) {
            if (!left.contains(fault.number())) {
                world.in(ChaosFaults.nanos(fault.atSeconds()), () -> {
                    if (mended) {
                        return;
                    }
                    happened.add(fault.toString());
                    fault.act().on(target);
                    ground.look();
                });
            }
        }
        for (ChaosNode node : nodes.values()) {
            if (!faults.lateJoiners.contains(node.name())) {
                world.in(world.random().nextLong(2 * SECOND), node::startDaemon);
                world.in(world.random().nextLong(2 * SECOND), node::startScheduler);
            }
        }
        world.in(LOOK_NANOS, this::look);
        problems.keySet().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .forEach(object -> world.in(world.random().nextLong(40 * SECOND), () -> turn(object)));
        world.in(5 * SECOND, this::somebodyDoesSomething);
        world.run(shape.seconds() * SECOND);
        mend();
        settle();
        calmDown();
        allAreEqual();
    }

    // --- what happens by itself
    // -----------------------------------------------------------------------------------------

    private void look() {
        looks++;
        ground.look();
        runners.look();
        if (looks % 10 == 0) {
            if (checking) {
                runners.lookForResults(CHECK_NANOS);
            }
            bounds();
        }
        world.in(LOOK_NANOS, this::look);
    }

    /** A node that has come back may want all of the log; what is too much of it goes within a second. */
    private List<String> overForASecond(String node, List<String> now) {
        List<String> before = overBefore.getOrDefault(node, List.of());
        overBefore.put(node, now.stream().map(what -> what.split(":")[0]).toList());
        return now.stream().filter(what -> before.contains(what.split(":")[0])).toList();
    }

    private void bounds() {
        for (ChaosNode node : nodes.values()) {
            node.daemon().ifPresent(cluster -> {
                List<String> over = new ArrayList<>(ClusterBounds.exceeded(cluster));
                if (shape.smallBounds() && !network.isFrozen(node.name())) {
                    over.addAll(overForASecond(
                            node.name(), ClusterBounds.backlogsOver(cluster, SLACK_BYTES + 40L * shape.longWords())));
                }
                if (!over.isEmpty()) {
                    throw new Violation("bounds", node.name() + " holds " + over);
                }
            });
        }
    }

    /** Bounds are looked at once a second, and what is in flight is beside them. */
    private static final long SLACK_BYTES = 400_000;

    /** An object gets a problem, or loses it. */
    private void turn(MonitoredObject object) {
        Problem before = problems.get(object);
        problems.put(object, new Problem(before.number + 1, 1 - before.state));
        long next = before.state == 0 ? 20 * SECOND : 60 * SECOND;
        if (!mended) {
            world.in(next / 4 + world.random().nextLong(next), () -> turn(object));
        }
    }

    private void somebodyDoesSomething() {
        if (mended) {
            return;
        }
        world.in(SECOND + world.random().nextLong(8 * SECOND), this::somebodyDoesSomething);
        List<ChaosNode> all =
                nodes.values().stream().filter(ChaosNode::hasScheduler).toList();
        if (all.isEmpty()) {
            return;
        }
        ChaosNode node = all.get(world.random().nextInt(all.size()));
        if (node.slots().size() == 0) {
            return;
        }
        int index = world.random().nextInt(node.slots().size());
        int what = world.random().nextInt(9);
        String text = "said" + ++people;
        node.people(scheduler -> {
            switch (what) {
                case 0, 1 -> scheduler.comment(index, text);
                case 2 -> scheduler.deleteSomeComment();
                case 3 -> scheduler.schedule(index, text);
                case 4, 5 -> scheduler.deleteSomeDowntime();
                case 6 -> scheduler.acknowledge(index, text, people % 2 == 0);
                case 7 -> scheduler.unacknowledge(index);
                default -> scheduler.turn(index, people % 3 == 0 ? "notes" : "checks", text);
            }
        });
    }

    private final class Around implements ChaosNode.Surroundings {
        @Override
        public int truth(MonitoredObject object) {
            return problems.get(object).state;
        }

        @Override
        public String problem(MonitoredObject object) {
            return "g" + problems.get(object).number;
        }

        @Override
        public String words() {
            return words;
        }

        @Override
        public boolean checking() {
            return checking;
        }

        @Override
        public void onSchedulerStart(String node, List<Memory.Applied> applied) {
            events.onSchedulerStart(node, applied);
        }

        @Override
        public void onLocal(String node, Message message) {
            events.onLocal(node, message);
        }

        @Override
        public void onMail(String node, MonitoredObject object, int state, String output) {
            ground.look();
            mails.onMail(node, object, state, output);
        }

        @Override
        public void onApplied(String node, MonitoredObject object, String output, boolean history) {
            events.onApplied(node, output);
            runners.onResult(node, object);
        }

        @Override
        public void onResult(String node, MonitoredObject object) {
            runners.onResult(node, object);
        }
    }

    // --- what goes wrong
    // ------------------------------------------------------------------------------------------------

    private final ChaosFaults.Target target = new ChaosFaults.Target() {
        @Override
        public void start(String node) {
            if (!gone.contains(node)) {
                nodes.get(node).start();
            }
        }

        @Override
        public void killDaemon(String node) {
            if (nodes.get(node).losesTail()) {
                tailsLost.add(node);
            }
            nodes.get(node).killDaemon();
        }

        @Override
        public void killScheduler(String node) {
            if (nodes.get(node).keepsWaiting()) {
                tailsLost.add(node);
            }
            nodes.get(node).killScheduler();
        }

        @Override
        public void losePower(String node) {
            boolean unwritten = nodes.get(node).unwritten();
            int records = nodes.get(node).losePower();
            if (records > 0 || unwritten) {
                tailsLost.add(node);
                events.mayLose(node + " lost " + records + " records with its power");
                happened.add("             " + records + " records of its log are lost");
            }
        }

        @Override
        public void freeze(String node, boolean daemon, boolean scheduler) {
            nodes.get(node).freeze(daemon, scheduler);
        }

        @Override
        public void thaw(String node) {
            nodes.get(node).thaw();
        }

        @Override
        public void hang(String node, boolean on) {
            nodes.get(node).hang(on);
        }

        @Override
        public void stick(String node, boolean on) {
            nodes.get(node).stick(on);
        }

        @Override
        public void cut(String from, String to, boolean on) {
            if (on) {
                network.cutOneWay(from, to);
            } else {
                network.heal(from, to);
            }
        }

        @Override
        public void slowLink(String from, String to, int bytesPerSecond) {
            network.limit(from, to, bytesPerSecond);
            ground.slow(from, to, bytesPerSecond > 0);
        }

        @Override
        public void reset(String a, String b) {
            network.reset(a, b);
            ground.broken(a, b);
        }

        @Override
        public void slowDisk(String node, Duration append, Duration sync) {
            nodes.get(node).disk().slow(append.toNanos(), sync.toNanos());
        }

        @Override
        public void fullDisk(String node, boolean on) {
            nodes.get(node).disk().full(on);
        }

        @Override
        public void losePulses(double share) {
            network.losePulses(share);
        }

        @Override
        public void clock(String node, Duration late) {
            nodes.get(node).setClock(late.toNanos() / 1000);
        }

        @Override
        public void drain(String by, String node, boolean on, boolean force) {
            nodes.get(by).drain(node, on, force);
        }

        @Override
        public void list(String node, Optional<String> without) {
            if (without.isPresent()) {
                otherLists.add(node);
            } else {
                otherLists.remove(node);
            }
            nodes.get(node).load(shape.objects(node, without));
            ground.loadsAnother(node);
        }

        @Override
        public void leave(String node) {
            gone.add(node);
            killScheduler(node);
            killDaemon(node);
        }
    };

    /** All that is wrong ends. */
    private void mend() {
        mended = true;
        network.losePulses(0);
        for (ChaosNode node : nodes.values()) {
            for (String other : shape.neighbours(node.name())) {
                network.limit(node.name(), other, 0);
                ground.slow(node.name(), other, false);
            }
        }
        network.healAll();
        for (ChaosNode node : nodes.values()) {
            node.thaw();
            node.hang(false);
            node.stick(false);
            node.disk().full(false);
            node.disk().slow(0, 0);
            if (otherLists.contains(node.name())) {
                target.list(node.name(), Optional.empty());
                node.killScheduler();
            }
            if (!gone.contains(node.name())) {
                node.start();
            }
        }
        nodes.values().forEach(node -> node.drain(node.name(), false, false));
        happened.add("     %7.2f s  all is mended".formatted(seconds()));
        ground.look();
    }

    // --- the end
    // ----------------------------------------------------------------------------------------------------------

    private Set<String> present() {
        Set<String> present = new LinkedHashSet<>(nodes.keySet());
        present.removeAll(gone);
        return present;
    }

    /** Nodes that came and went are kept out of rings for up to ten minutes. */
    private void settle() {
        world.run(60 * SECOND);
        long until = world.nowNanos() + LONGEST_DAMPING.toNanos();
        while (!settled() && world.nowNanos() < until) {
            world.run(10 * SECOND);
        }
        if (!settled()) {
            throw new Violation("end", "it does not come to rest:\n" + picture());
        }
        world.run(15 * SECOND); // each check once more
    }

    private boolean settled() {
        return present().stream().allMatch(name -> {
            List<String> ring = nodes.get(name)
                    .view()
                    .map(view -> view.rings().get(0).ring())
                    .orElse(List.of());
            List<String> group = present().stream()
                    .filter(other -> ChaosShape.group(other).equals(ChaosShape.group(name)))
                    .sorted()
                    .toList();
            return ring.equals(group)
                    && nodes.get(name).view().filter(view -> !view.handover()).isPresent();
        });
    }

    /** No check runs any more: what is on its way arrives, and then nothing is on its way. */
    private void calmDown() {
        events.calm();
        world.run(5 * SECOND);
        checking = false;
        world.run(25 * SECOND);
    }

    private void allAreEqual() {
        if (!events.mayHaveLost()) {
            events.allIsThere(present());
        }
        Map<String, Map<String, String>> shown = new TreeMap<>();
        present().forEach(name -> shown.put(name, nodes.get(name).shown()));
        for (Map.Entry<String, Map<String, String>> one : shown.entrySet()) {
            for (Map.Entry<String, Map<String, String>> other : shown.entrySet()) {
                one.getValue().forEach((object, ours) -> {
                    String theirs = other.getValue().getOrDefault(object, ours);
                    String a = comparable(ours);
                    String b = comparable(theirs);
                    if (!a.equals(b)) {
                        throw new Violation(
                                "equality",
                                object + " differs: " + one.getKey() + " alone has " + beside(a, b) + ", "
                                        + other.getKey() + " " + beside(b, a));
                    }
                });
            }
        }
    }

    private static List<String> beside(String ours, String theirs) {
        List<String> rest = new ArrayList<>(List.of(ours.split("; ")));
        rest.removeAll(List.of(theirs.split("; ")));
        return rest;
    }

    private static String comparable(String shown) {
        return Stream.of(shown.split("; "))
                .map(line -> line.startsWith(SimulatedScheduler.REMARK) ? "comment " + textOf(line) : line)
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private static String textOf(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    // --- for reports
    // ------------------------------------------------------------------------------------------------------

    double seconds() {
        return (world.nowNanos() - SECOND) / (double) SECOND;
    }

    String schedule() {
        return String.join("\n", happened);
    }

    String shape() {
        return shape.toString();
    }

    /** The same for the same run. */
    long trace() {
        return trace;
    }

    String figures() {
        return "%.0f simulated seconds, %d looks at a check, %d results applied, %d mails, %d of them twice"
                .formatted(seconds(), runners.checks(), events.results(), mails.sent(), mails.twice());
    }

    private String picture() {
        StringBuilder text = new StringBuilder();
        for (ChaosNode node : nodes.values()) {
            ClusterView view = node.view().orElse(null);
            text.append(node.name())
                    .append(": ")
                    .append(view == null ? "away" : view.sentence() + " " + view.rings())
                    .append('\n');
        }
        return text.toString();
    }
}
