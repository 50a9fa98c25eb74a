package org.merlin.module;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.module.shared.Acknowledgements;
import org.merlin.module.shared.Ledger;
import org.merlin.module.shared.Notifications;
import org.merlin.module.shared.Registers;
import org.merlin.module.shared.SharedLines;
import org.merlin.module.shared.Teller;
import org.merlin.module.shared.Version;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.node.NodeId;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/** What nodes share beside results, in one hand. Confined to the scheduler's thread, as its parts are. */
final class Shared {
    private final Ledger ledger;
    private final Registers registers;
    private final Acknowledgements acknowledgements;
    private final Notifications notifications;
    private final KnownStates states;
    private final Clock clock;
    private volatile Map<Long, String> nodes;
    private volatile boolean stateTold;
    private volatile boolean lost;

    Shared(
            MerlinConf conf,
            SchedulerPort port,
            SlotTable slots,
            ObjectIndex objects,
            KnownStates states,
            Teller teller,
            ModuleRings rings,
            long nowNanos,
            Clock clock) {
        this.states = states;
        this.clock = clock;
        nodes = names(conf);
        ledger = new Ledger(port, objects, teller);
        registers = new Registers(port, objects, teller);
        acknowledgements = new Acknowledgements(port, objects, states, ledger, teller);
        notifications = new Notifications(
                rule(conf), slots, states, objects, port, teller, rings.rule(), rings.configured(), nowNanos);
    }

    private static Map<Long, String> names(MerlinConf conf) {
        Map<Long, String> names = new HashMap<>();
        conf.nodes().forEach(node -> names.put(NodeId.of(node.name()).origin(), node.name()));
        return Map.copyOf(names);
    }

    private static Notifications.Rule rule(MerlinConf conf) {
        Set<String> silent = conf.nodes().stream()
                .filter(node -> !node.notifies())
                .map(MerlinConf.Node::name)
                .collect(Collectors.toUnmodifiableSet());
        return new Notifications.Rule(
                conf.nodeName(),
                conf.module().notifies(),
                silent,
                !conf.nodes(NodeRole.MASTER).isEmpty(),
                conf.dataTimeout().toNanos(),
                conf.pulseInterval().toNanos());
    }

    /**
     * Goes by another merlin.conf. Any thread.
     *
     * @param allActive who runs what while all its nodes are active
     */
    void configure(MerlinConf conf, RunnerRule allActive) {
        nodes = names(conf);
        notifications.configure(rule(conf), allActive);
    }

    Ledger ledger() {
        return ledger;
    }

    Registers registers() {
        return registers;
    }

    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    Notifications notifications() {
        return notifications;
    }

    /** Name of a configured node; empty for others. */
    String nodeOf(long origin) {
        return nodes.getOrDefault(origin, "");
    }

    long seconds() {
        return clock.millis() / 1000;
    }

    long micros() {
        return clock.millis() * 1000;
    }

    /** The scheduler has loaded what it kept. */
    void onLoaded() {
        ledger.onLoaded(seconds());
        notifications.onLoaded();
    }

    /** The daemon has told all that it knows; it may have to be applied yet. Any thread. */
    void onStateTold() {
        notifications.onStateTold();
        stateTold = true;
    }

    /** Something that this node told was lost on its way to the daemon, which is asked what it knows. Any thread. */
    void onLost() {
        lost = true;
    }

    /** Before anything of the daemon's answer is applied. */
    void lookAtLosses() {
        if (lost) {
            lost = false;
            registers.doubt();
            acknowledgements.doubt();
            ledger.doubt();
        }
    }

    /** Returns whether time was up before all was done. */
    boolean onTick(boolean idle, long nowNanos, BooleanSupplier timeIsUp) {
        ledger.deleteOrphans(seconds());
        if (idle && stateTold) {
            stateTold = false;
            registers.repeat();
            acknowledgements.repeat();
            ledger.repeat(seconds());
        }
        notifications.flush();
        acknowledgements.onTick(seconds());
        return notifications.onTick(idle, nowNanos, timeIsUp);
    }

    /** Whether {@link #onTick} is wanted now and then. Any thread. */
    boolean isWaiting() {
        return notifications.isWaiting() || acknowledgements.isWaiting();
    }

    /** All that must be kept, as of now; the lines are made when they are asked for, on any thread. */
    Supplier<List<String>> lines() {
        notifications.flush();
        notifications.forget(micros());
        List<Supplier<List<String>>> parts =
                List.of(ledger.lines(), registers.lines(), acknowledgements.lines(), notifications.lines());
        Supplier<List<List<String>>> problems = states.problems();
        Supplier<List<KnownStates.Found>> found = states.found();
        return () -> Stream.of(
                        parts.stream().flatMap(part -> part.get().stream()),
                        problems.get().stream().map(fields -> SharedLines.of(fields.toArray())),
                        found.get().stream().map(Shared::line))
                .flatMap(Function.identity())
                .toList();
    }

    private static String line(KnownStates.Found found) {
        Version version = new Version(found.revision(), found.timeMicros(), found.origin());
        return SharedLines.of("found", found.object(), version);
    }

    /** Takes back what {@link #lines} gave; returns how many lines make no sense and were passed over. */
    int read(List<String> lines, ObjectIndex objects) {
        int senseless = 0;
        for (String line : lines) {
            try {
                readFields(SharedLines.fields(line), objects);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                senseless++;
            }
        }
        return senseless;
    }

    private void readFields(List<String> fields, ObjectIndex objects) {
        ledger.read(fields);
        registers.read(fields);
        acknowledgements.read(fields);
        notifications.read(fields);
        if (fields.get(0).equals("problem")) {
            objects.byName(fields.get(1))
                    .ifPresent(index -> states.keep(
                            index, new Problem(Integer.parseInt(fields.get(2)), Integer.parseInt(fields.get(3)))));
        } else if (fields.get(0).equals("found")) {
            Version version = Version.parse(fields.get(2));
            objects.byName(fields.get(1))
                    .ifPresent(index -> states.keep(index, version.revision(), version.micros(), version.origin()));
        }
    }
}
