package org.merlin.daemon.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.merlin.confsync.hooks.HookCommand;
import org.merlin.confsync.hooks.HookCommands;
import org.merlin.confsync.hooks.HookKind;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.hooks.HookRule;
import org.merlin.confsync.hooks.HookRule.Action;
import org.merlin.confsync.hooks.HookRule.Decision;
import org.merlin.confsync.hooks.HookRunner;
import org.merlin.confsync.hooks.RecentRuns.Change;
import org.merlin.confsync.hooks.RecentRuns.Stop;
import org.merlin.confsync.hooks.Situation;
import org.merlin.confsync.hooks.Situation.Side;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeRole;

/**
 * Whether the nodes have the same object configuration, and the commands of {@code object_config} that are to make it so: at most one at
 * a time for a node, 30 s apart, at most {@value #MOST_AT_ONCE} in all. Confined to the cluster loop; commands run beside it.
 */
public final class ConfigWatch {
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long APART_NANOS = 30_000_000_000L;
    static final int MOST_AT_ONCE = 16;

    private final String self;
    private final Supplier<? extends List<? extends ConfigPartner>> nodes;
    private final Supplier<Optional<NodeInfo>> own;
    private final Clocks clocks;
    private final Journal journal;
    private final Map<String, NodeHooks> hooks = new HashMap<>();
    private HookRunner runner = HookRunner.NONE;
    private HookMemory memory = HookMemory.NONE;
    private PollerParts parts = PollerParts.UNKNOWN;
    private boolean runs;
    private Optional<Long> lookedNanos = Optional.empty();

    /**
     * Watches, and runs nothing yet.
     *
     * @param nodes the other nodes as they are configured now
     * @param own what our own scheduler is; empty while it is not there
     */
    ConfigWatch(
            String self,
            Supplier<? extends List<? extends ConfigPartner>> nodes,
            Supplier<Optional<NodeInfo>> own,
            Clocks clocks,
            Journal journal) {
        this.self = self;
        this.nodes = nodes;
        this.own = own;
        this.clocks = clocks;
        this.journal = journal;
    }

    /** Runs commands from now on. */
    public void runWith(HookRunner newRunner, HookMemory newMemory) {
        runner = newRunner;
        memory = newMemory;
        runs = true;
        memory.load().forEach((node, kept) -> of(node).recent.restore(kept.runs(), kept.stops()));
    }

    /** Compares pollers with their parts from now on. */
    public void partsFrom(PollerParts newParts) {
        parts = newParts;
    }

    // --- what is told -----------------------------------------------------------------------------------------------

    void onTick(long nowNanos) {
        if (runs && lookedNanos.filter(last -> nowNanos - last < LOOK_NANOS).isEmpty()) {
            lookedNanos = Optional.of(nowNanos);
            forgetRemoved();
            nodes.get().forEach(node -> look(node, of(node), nowNanos));
        }
    }

    private NodeHooks of(ConfigPartner node) {
        return of(node.conf().name());
    }

    private NodeHooks of(String node) {
        return hooks.computeIfAbsent(node, any -> new NodeHooks());
    }

    private void forgetRemoved() {
        Set<String> names = nodes.get().stream().map(node -> node.conf().name()).collect(Collectors.toSet());
        hooks.entrySet()
                .removeIf(entry -> !names.contains(entry.getKey())
                        && entry.getValue().running.isEmpty());
    }

    /** Another node wants us to run our fetch command for it now, though nothing differs; pollers may not want that. */
    void onFetchAsked(ConfigPartner node, long nowNanos) {
        if (node.conf().role() == NodeRole.POLLER) {
            journal.warnLimited(LogEvent.FETCH_DENIED, node, "it is a poller of ours, and we take nothing from it");
        } else if (commands(node).fetch().isEmpty()) {
            journal.warnLimited(
                    LogEvent.FETCH_DENIED,
                    node,
                    "no fetch command is set for it: set one in an object_config of its own");
        } else if (runs) {
            NodeHooks state = of(node);
            state.fetchAsked = true;
            state.recent.forget(); // somebody wants it
            look(node, state, nowNanos);
        }
    }

    // --- what the user asks -----------------------------------------------------------------------------------------

    /** Asks a node to run its fetch command; why that cannot be, each reason in a sentence, or an empty list. */
    public List<String> remoteFetch(String name) {
        Optional<? extends ConfigPartner> node = find(name);
        if (node.isEmpty()) {
            return List.of("no node of that name is configured");
        }
        if (node.get().conf().role() == NodeRole.MASTER) {
            return List.of("it is a master of this node, and fetches nothing from it");
        }
        if (node.get().info().isEmpty()) {
            return List.of("it is not connected, or its scheduler is away");
        }
        node.get().askToFetch();
        return List.of();
    }

    /** Forgets what stopped commands for a node, and runs those that are due at once; why not, or an empty list. */
    public List<String> retry(String name, long nowNanos) {
        Optional<? extends ConfigPartner> node = find(name);
        if (node.isEmpty()) {
            return List.of("no node of that name is configured");
        }
        if (!commands(node.get()).any()) {
            return List.of("no command is set for it in merlin.conf");
        }
        NodeHooks state = of(name);
        state.recent.forget();
        state.endedNanos = Optional.empty();
        remember();
        look(node.get(), state, nowNanos);
        return List.of();
    }

    private Optional<? extends ConfigPartner> find(String name) {
        return nodes.get().stream()
                .filter(node -> node.conf().name().equals(name))
                .findFirst();
    }

    // --- deciding ---------------------------------------------------------------------------------------------------

    private void look(ConfigPartner node, NodeHooks state, long nowNanos) {
        if (state.running.isPresent()) {
            return;
        }
        state.waits = "";
        if (state.fetchAsked) {
            start(node, state, HookKind.FETCH, Optional.empty(), nowNanos);
            return;
        }
        Optional<Situation> now = situation(node).filter(any -> node.activeInRing());
        if (now.isEmpty() || !commands(node).any()) {
            state.stopped = "";
            return;
        }
        String ours = now.get().ours().stamp().sha1();
        String theirs = now.get().theirs().stamp().sha1();
        if (state.recent.onSeen(HookKind.PUSH, theirs) | state.recent.onSeen(HookKind.FETCH, ours)) {
            remember();
        }
        Decision decision = HookRule.decide(now.get());
        if (decision.action() == Action.PUSH) {
            String to = now.get().expected().orElseThrow().sha1();
            startUnlessStopped(node, state, new Change(HookKind.PUSH, theirs, to), nowNanos);
        } else if (decision.action() == Action.FETCH) {
            startUnlessStopped(node, state, new Change(HookKind.FETCH, ours, theirs), nowNanos);
        } else {
            state.stopped = "";
            state.waits = decision.why();
        }
    }

    /** Both of them as they are now; empty unless both have a scheduler, as far as we know. */
    Optional<Situation> situation(ConfigPartner node) {
        Optional<NodeInfo> ours = own.get();
        Optional<NodeInfo> theirs = node.info();
        if (ours.isEmpty() || theirs.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Situation(
                node.conf().role(),
                node.conf().connect(),
                side(self, ours.get()),
                side(node.conf().name(), theirs.get()),
                node.conf().role() == NodeRole.POLLER ? parts.of(node.conf()) : Optional.empty(),
                node.conf().role() == NodeRole.POLLER && peersAgree(ours.get().config()),
                commands(node)));
    }

    private static Side side(String name, NodeInfo info) {
        return new Side(name, ConfigWords.checked(info.config()), info.startMicros());
    }

    private boolean peersAgree(ConfigStamp ours) {
        return nodes.get().stream()
                .filter(node -> node.conf().role() == NodeRole.PEER)
                .allMatch(peer -> peer.activeInRing()
                        && peer.info()
                                .filter(info -> info.config().sha1().equals(ours.sha1()))
                                .isPresent());
    }

    private static Optional<HookCommand> command(ConfigPartner node, HookKind kind) {
        return kind == HookKind.PUSH ? commands(node).push() : commands(node).fetch();
    }

    static HookCommands commands(ConfigPartner node) {
        return HookCommands.of(node.conf());
    }

    private void startUnlessStopped(ConfigPartner node, NodeHooks state, Change due, long nowNanos) {
        if (command(node, due.kind()).filter(HookCommand::nothing).isPresent()) {
            state.waits = due.kind().word() + " is due, and its command is : which does nothing";
            return;
        }
        Optional<Stop> stop = state.recent.whyNot(due, clocks.wallMicros().getAsLong());
        if (stop.isEmpty()) {
            state.stopped = "";
            start(node, state, due.kind(), Optional.of(due), nowNanos);
            return;
        }
        state.stopped = ConfigWords.circle(self, node.conf().name(), stop.get(), suspects(node, due));
        if (!state.loggedStop.equals(stop)) {
            state.loggedStop = stop;
            journal.warn(LogEvent.HOOK_CIRCLE, state.stopped);
            remember();
        }
    }

    /** Who may have put back what a command replaces: for a poller its other masters, else who has just that. */
    private List<String> suspects(ConfigPartner node, Change due) {
        return nodes.get().stream()
                .filter(other -> other != node)
                .filter(other -> node.conf().role() == NodeRole.POLLER
                        ? other.conf().role() == NodeRole.PEER
                        : other.info()
                                .filter(info -> info.config().sha1().equals(due.from()))
                                .isPresent())
                .map(other -> other.conf().name())
                .sorted()
                .toList();
    }

    // --- running ----------------------------------------------------------------------------------------------------

    private void start(ConfigPartner node, NodeHooks state, HookKind kind, Optional<Change> change, long nowNanos) {
        Optional<HookCommand> command = command(node, kind);
        if (command.isEmpty()) {
            state.fetchAsked = false; // it was taken out of merlin.conf meanwhile
            return;
        }
        long waitNanos =
                state.endedNanos.map(ended -> ended + APART_NANOS - nowNanos).orElse(0L);
        if (waitNanos > 0) {
            state.waits = kind.word() + " again in " + (waitNanos / LOOK_NANOS + 1) + " s if it is still due then";
            return;
        }
        if (hooks.values().stream().filter(other -> other.running.isPresent()).count() >= MOST_AT_ONCE) {
            state.waits = kind.word() + " waits for its turn: " + MOST_AT_ONCE + " commands run at once";
            return;
        }
        state.fetchAsked = false;
        state.attempts++;
        state.running =
                Optional.of(new NodeHooks.Running(kind, clocks.wallMicros().getAsLong()));
        journal.info(LogEvent.HOOK_STARTED, title(kind, node), command.get().line());
        runner.run(command.get(), result -> onEnded(node, state, kind, change, result));
    }

    private static String title(HookKind kind, ConfigPartner node) {
        return "oconf " + kind.word() + (kind == HookKind.PUSH ? " to " : " from ")
                + node.conf().name();
    }

    private void onEnded(
            ConfigPartner node, NodeHooks state, HookKind kind, Optional<Change> change, HookResult result) {
        long nowMicros = clocks.wallMicros().getAsLong();
        state.running = Optional.empty();
        state.endedNanos = Optional.of(clocks.nanos().nanos());
        state.last = Optional.of(new NodeHooks.Ended(kind, nowMicros, result));
        if (result.succeeded()) {
            journal.info(LogEvent.HOOK_DONE, title(kind, node), result.took().toSeconds());
            change.ifPresent(done -> state.recent.onSucceeded(done, nowMicros));
            remember();
        } else {
            String said = result.lastLine();
            journal.warn(
                    LogEvent.HOOK_FAILED, title(kind, node), result.sentence() + (said.isEmpty() ? "" : ": " + said));
        }
    }

    private void remember() {
        memory.save(hooks.entrySet().stream()
                .filter(entry -> !entry.getValue().recent.runs().isEmpty()
                        || !entry.getValue().recent.stops().isEmpty())
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new HookMemory.Kept(
                                entry.getValue().recent.runs(),
                                entry.getValue().recent.stops()))));
    }

    // --- what is shown ----------------------------------------------------------------------------------------------

    /** How a node's configuration differs from what it should be, in a sentence; empty if it does not, or nobody knows. */
    Optional<String> difference(ConfigPartner node) {
        return situation(node)
                .filter(Situation::differs)
                .map(now -> "out of sync: its object configuration is "
                        + ConfigWords.of(now.theirs().stamp())
                        + (node.conf().role() == NodeRole.POLLER ? ", what we have for it " : ", ours ")
                        + ConfigWords.of(now.expected().orElseThrow()));
    }

    /** What commands do for a node. */
    NodeHooks hooks(ConfigPartner node) {
        return of(node);
    }
}
