package org.merlin.tests.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What goes wrong in a run, planned as a whole before it begins, from a random of its own: leaving one out changes no other. */
final class ChaosFaults {
    private static final long SECOND = 1_000_000_000L;

    private final SplittableRandom random;
    private final ChaosShape shape;
    private final List<Fault> faults = new ArrayList<>();

    /** The world as faults change it. */
    interface Target {
        void start(String node);

        void killDaemon(String node);

        void killScheduler(String node);

        void losePower(String node);

        void freeze(String node, boolean daemon, boolean scheduler);

        void thaw(String node);

        void hang(String node, boolean on);

        void stick(String node, boolean on);

        void cut(String from, String to, boolean on);

        void slowLink(String from, String to, int bytesPerSecond);

        void reset(String a, String b);

        void slowDisk(String node, Duration append, Duration sync);

        void fullDisk(String node, boolean on);

        void losePulses(double share);

        void clock(String node, Duration late);

        void drain(String by, String node, boolean on, boolean force);

        /** From the next start of its scheduler on a node lacks a host; none if it is empty. */
        void list(String node, Optional<String> without);

        /** A node never comes back. */
        void leave(String node);
    }

    /** Something that goes wrong, and when. */
    record Fault(int number, double atSeconds, String words, Act act) {
        @Override
        public String toString() {
            return "%3d. %7.2f s  %s".formatted(number, atSeconds, words);
        }
    }

    interface Act {
        void on(Target target);
    }

    ChaosFaults(long seed, ChaosShape shape) {
        this.random = new SplittableRandom(seed * 31 + 7);
        this.shape = shape;
        int count = 1 + random.nextInt(random.nextInt(3) == 0 ? 40 : 12);
        List<String> late = new ArrayList<>();
        for (String name : shape.names()) {
            if (random.nextInt(6) == 0 && !name.equals("master1")) {
                late.add(name);
                plan(5 + random.nextDouble() * shape.seconds() / 2, name + " joins", target -> target.start(name));
            }
        }
        lateJoiners = List.copyOf(late);
        for (int i = 0; i < count; i++) {
            any(10 + random.nextDouble() * (shape.seconds() - 20));
        }
        if (random.nextInt(10) == 0 && shape.masters() > 2) {
            String gone = "master" + (2 + random.nextInt(shape.masters() - 1));
            plan(shape.seconds() / 2.0, gone + " leaves for good", target -> target.leave(gone));
        }
        otherLists();
        faults.sort((a, b) -> Double.compare(a.atSeconds, b.atSeconds));
    }

    final List<String> lateJoiners;

    List<Fault> all() {
        return List.copyOf(faults);
    }

    private void plan(double atSeconds, String words, Act act) {
        faults.add(new Fault(faults.size() + 1, atSeconds, words, act));
    }

    private String node() {
        return shape.names().get(random.nextInt(shape.names().size()));
    }

    private String neighbour(String of) {
        List<String> all = shape.neighbours(of);
        return all.get(random.nextInt(all.size()));
    }

    private double seconds(int from, int to) {
        return from + random.nextDouble() * (to - from);
    }

    private void any(double at) {
        String node = node();
        String other = neighbour(node);
        switch (random.nextInt(22)) {
            case 0 -> {
                plan(at, "kill -9 the daemon of " + node, target -> target.killDaemon(node));
                plan(at + seconds(0, 30), "start " + node, target -> target.start(node));
            }
            case 1 -> {
                plan(at, "kill -9 the scheduler of " + node, target -> target.killScheduler(node));
                plan(at + seconds(0, 30), "start " + node, target -> target.start(node));
            }
            case 2 -> {
                plan(at, "kill -9 both of " + node, target -> {
                    target.killScheduler(node);
                    target.killDaemon(node);
                });
                plan(at + seconds(1, 40), "start " + node, target -> target.start(node));
            }
            case 3 -> {
                plan(at, node + " loses power", target -> target.losePower(node));
                plan(at + seconds(5, 60), "start " + node, target -> target.start(node));
            }
            case 4 -> {
                boolean daemon = random.nextBoolean();
                boolean scheduler = !daemon || random.nextBoolean();
                plan(
                        at,
                        "freeze " + (daemon ? "daemon " : "") + (scheduler ? "scheduler " : "") + "of " + node,
                        target -> target.freeze(node, daemon, scheduler));
                plan(at + seconds(1, 20), "thaw " + node, target -> target.thaw(node));
            }
            case 5 -> {
                plan(at, "the scheduler's own thread of " + node + " hangs", target -> target.hang(node, true));
                plan(at + seconds(2, 30), "it goes on at " + node, target -> target.hang(node, false));
            }
            case 6 -> {
                plan(at, "checks of " + node + " bring nothing", target -> target.stick(node, true));
                plan(at + seconds(20, 200), "they do again at " + node, target -> target.stick(node, false));
            }
            case 7, 8 -> {
                plan(at, "cut " + node + " > " + other, target -> target.cut(node, other, true));
                plan(at + seconds(1, 40), "heal " + node + " > " + other, target -> target.cut(node, other, false));
            }
            case 9, 10 -> cutBoth(at, seconds(1, 40), node, other);
            case 11 -> {
                plan(at, "isolate " + node, target -> isolate(target, node, true));
                plan(at + seconds(2, 60), "end the isolation of " + node, target -> isolate(target, node, false));
            }
            case 12 -> {
                double now = at;
                for (int i = 0; i < 6; i++) {
                    double down = seconds(0, 7);
                    cutBoth(now, down, node, other);
                    now += down + seconds(1, 7);
                }
            }
            case 13 -> {
                int rate = 1500 + random.nextInt(6000);
                plan(
                        at,
                        "slow " + node + " > " + other + " to " + rate + " bytes a second",
                        target -> target.slowLink(node, other, rate));
                plan(at + seconds(5, 60), "fast " + node + " > " + other, target -> target.slowLink(node, other, 0));
            }
            case 14 -> {
                for (int i = 0; i < 1 + random.nextInt(4); i++) {
                    plan(at + i * seconds(0, 5), "reset " + node + " - " + other, target -> target.reset(node, other));
                }
            }
            case 15 -> {
                int append = 10 + random.nextInt(400);
                plan(
                        at,
                        "slow disk of " + node + ", appends " + append + " ms late",
                        target -> target.slowDisk(node, Duration.ofMillis(append), Duration.ofMillis(5L * append)));
                plan(
                        at + seconds(5, 40),
                        "fast disk of " + node,
                        target -> target.slowDisk(node, Duration.ZERO, Duration.ZERO));
            }
            case 16 -> {
                plan(at, "full disk of " + node, target -> target.fullDisk(node, true));
                plan(at + seconds(2, 40), "room on the disk of " + node, target -> target.fullDisk(node, false));
            }
            case 17 -> {
                double share = 0.1 + random.nextDouble() * 0.3;
                plan(at, "lose %.0f %% of all pulses".formatted(100 * share), target -> target.losePulses(share));
                plan(at + seconds(10, 60), "lose no pulses", target -> target.losePulses(0));
            }
            case 18 -> {
                Duration late = Duration.ofSeconds(random.nextLong(-600, 600));
                plan(at, "the clock of " + node + " is set " + late + " off", target -> target.clock(node, late));
            }
            case 19 -> {
                boolean force = random.nextInt(4) == 0;
                plan(at, other + " drains " + node, target -> target.drain(other, node, true, force));
                plan(
                        at + seconds(10, 80),
                        other + " undrains " + node,
                        target -> target.drain(other, node, false, false));
            }
            case 20 -> {
                String master = "master" + (1 + random.nextInt(shape.masters()));
                String without = "host" + random.nextInt(8);
                otherList(at, seconds(10, 80), master, without);
            }
            default -> {
                plan(at, "kill -9 both of " + node + " while " + other + " freezes", target -> {
                    target.killScheduler(node);
                    target.killDaemon(node);
                    target.freeze(other, true, false);
                });
                plan(at + seconds(1, 10), "thaw " + other, target -> target.thaw(other));
                plan(at + seconds(1, 40), "start " + node, target -> target.start(node));
            }
        }
    }

    /** Of pollers, and of a poller's poller. */
    private void otherLists() {
        List<String> below = shape.names().stream()
                .filter(name -> !ChaosShape.isMaster(name))
                .toList();
        for (int i = random.nextInt(4); i > 0 && !below.isEmpty(); i--) {
            String node = below.get(random.nextInt(below.size()));
            List<String> own = shape.hostsOf(node);
            double at = 10 + random.nextDouble() * (shape.seconds() - 20);
            otherList(at, seconds(10, 80), node, own.get(random.nextInt(own.size())));
        }
    }

    private void otherList(double at, double forSeconds, String node, String without) {
        plan(at, node + " restarts without " + without, target -> restart(target, node, Optional.of(without)));
        plan(at + forSeconds, node + " restarts with all hosts", target -> restart(target, node, Optional.empty()));
    }

    private static void restart(Target target, String node, Optional<String> without) {
        target.list(node, without);
        target.killScheduler(node);
        target.start(node);
    }

    private void cutBoth(double at, double forSeconds, String node, String other) {
        plan(at, "cut " + node + " - " + other, target -> {
            target.cut(node, other, true);
            target.cut(other, node, true);
        });
        plan(at + forSeconds, "heal " + node + " - " + other, target -> {
            target.cut(node, other, false);
            target.cut(other, node, false);
        });
    }

    private void isolate(Target target, String node, boolean on) {
        for (String other : shape.neighbours(node)) {
            target.cut(node, other, on);
            target.cut(other, node, on);
        }
    }

    static long nanos(double seconds) {
        return (long) (seconds * SECOND);
    }
}
