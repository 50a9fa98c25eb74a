package org.merlin.module;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.module.hook.ToldDifferences;
import org.merlin.module.shared.Notifications;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Lacking;
import org.merlin.protocol.control.Rings;
import org.merlin.protocol.control.Rings.GroupRing;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.Differences;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;

/**
 * By which rings this node runs checks: those that the daemon tells; without it the last ones for one data timeout, and then a
 * ring of one. Pure; confined to the sender's thread.
 */
final class ModuleRings {
    private final String self;
    private long dataTimeoutNanos;
    private final Map<Integer, List<String>> configured = new LinkedHashMap<>();
    private final Map<Integer, Boolean> takeover = new LinkedHashMap<>();
    private final List<List<String>> hostgroups;
    private List<String> ownBlocked;
    private final ToldDifferences differences;
    private Map<Integer, Long> lists;
    private List<Rings.Blocking> blocking;
    private Map<String, BitSet> blocked = Map.of();
    private RunnerRule rule;
    private boolean masters;
    private boolean silent;
    private boolean keptOut;
    private boolean told;
    private boolean alone;
    private long untoldSinceNanos;

    /**
     * Starts without a daemon.
     *
     * @param hostgroups by index, the groups of the host, or of the service's host
     * @param lists by selection, the hash of the group's part of the loaded lists
     * @param stored what the daemon told an earlier run; else all configured nodes count as active
     */
    ModuleRings(
            MerlinConf conf,
            List<List<String>> hostgroups,
            ToldDifferences differences,
            Map<Integer, Long> lists,
            Optional<Rings> stored,
            long nowNanos) {
        this.differences = differences;
        this.lists = Map.copyOf(lists);
        this.hostgroups = List.copyOf(hostgroups);
        self = conf.nodeName();
        untoldSinceNanos = nowNanos;
        take(conf);
        blocking = stored.map(Rings::blocking).orElse(List.of());
        blocked = blocked(blocking);
        rule = rule(selection -> storedRing(stored, selection));
        masters = !conf.nodes(NodeRole.MASTER).isEmpty();
    }

    private void take(MerlinConf conf) {
        ownBlocked = conf.blockedHostgroups();
        dataTimeoutNanos = conf.dataTimeout().toNanos();
        configured.clear();
        takeover.clear();
        List<String> own = new ArrayList<>(List.of(self));
        conf.nodes(NodeRole.PEER).forEach(peer -> own.add(peer.name()));
        configured.put(Selection.NONE, own);
        for (MerlinConf.Node poller : conf.nodes(NodeRole.POLLER)) {
            int selection = poller.selection().id();
            configured.computeIfAbsent(selection, any -> new ArrayList<>()).add(poller.name());
            takeover.merge(selection, poller.takeover(), Boolean::logicalOr);
        }
    }

    /**
     * Goes by another merlin.conf. The daemon tells the rings that belong to it; until then groups that stay keep theirs, and the objects
     * of one that comes are ours, as they were.
     *
     * @param newLists by selection, the hash of the group's part of the loaded lists
     */
    void configure(MerlinConf conf, Map<Integer, Long> newLists) {
        RunnerRule before = rule;
        take(conf);
        lists = Map.copyOf(newLists);
        blocked = blocked(blocking);
        rule = rule(selection -> selection == Selection.NONE
                ? before.own()
                : before.pollers().getOrDefault(selection, RingView.settled(PeerRing.of(List.of()))));
    }

    private interface ViewSource {
        RingView view(int selection);
    }

    private RunnerRule rule(ViewSource views) {
        Map<Integer, RingView> pollers = new LinkedHashMap<>();
        configured.keySet().stream()
                .filter(selection -> selection != Selection.NONE)
                .forEach(selection -> pollers.put(selection, views.view(selection)));
        return new RunnerRule(self, views.view(Selection.NONE), pollers, takeover, blocked);
    }

    private RingView storedRing(Optional<Rings> stored, int selection) {
        List<String> nodes = configured.get(selection);
        List<String> known = find(stored, selection)
                .map(group -> group.ring().stream().filter(nodes::contains).toList())
                .orElse(nodes);
        PeerRing ring = PeerRing.of(selection == Selection.NONE && known.isEmpty() ? List.of(self) : known);
        return new RingView(
                ring, find(stored, selection).filter(this::isOfOtherLists).isEmpty(), List.of());
    }

    /** Whether places in our lists tell nothing about who runs what: we have loaded others since, or somebody had. */
    private boolean isOfOtherLists(GroupRing group) {
        long then = group.lists().ours();
        return group.lists().differ() || then != 0 && then != lists.getOrDefault(group.selection(), then);
    }

    private static Optional<GroupRing> find(Optional<Rings> rings, int selection) {
        return rings.flatMap(all -> all.groups().stream()
                .filter(group -> group.selection() == selection)
                .findFirst());
    }

    /** Takes which of our objects others have not loaded; rings that name the plan follow. */
    void onLacking(Lacking part) {
        differences.onLacking(part);
    }

    /** Takes what the daemon tells; a group that it does not name stays as it is. */
    void onRings(Rings rings) {
        RunnerRule before = rule;
        blocking = rings.blocking();
        blocked = blocked(blocking);
        rule = rule(selection -> find(Optional.of(rings), selection)
                .map(group -> view(group, rings.mastersActive()))
                .orElseGet(() -> selection == Selection.NONE
                        ? before.own()
                        : before.pollers().get(selection)));
        told = true;
        alone = false;
        masters = rings.mastersActive();
        silent = rings.silent();
        keptOut = rings.keptOut();
    }

    private Map<String, BitSet> blocked(List<Rings.Blocking> blocking) {
        Map<String, BitSet> all = new HashMap<>();
        blocking.forEach(of -> all.put(of.node(), indexes(of.hostgroups())));
        all.put(self, indexes(ownBlocked));
        all.values().removeIf(BitSet::isEmpty);
        return all;
    }

    private BitSet indexes(List<String> groups) {
        BitSet indexes = new BitSet();
        for (int index = 0; !groups.isEmpty() && index < hostgroups.size(); index++) {
            indexes.set(index, hostgroups.get(index).stream().anyMatch(groups::contains));
        }
        return indexes;
    }

    /**
     * Whether a master of ours is active, as far as the daemon said last; at the start they count as active, as the stored ring
     * does.
     */
    boolean mastersActive() {
        return masters && !alone;
    }

    /** What the daemon said last of who else there is to tell contacts. */
    Notifications.Sight sight() {
        return new Notifications.Sight(mastersActive(), silent && !alone, keptOut && !alone);
    }

    /** Where all configured nodes are active. */
    RunnerRule configured() {
        return rule(selection -> RingView.settled(PeerRing.of(configured.get(selection))));
    }

    private RingView view(GroupRing group, boolean mastersRunIt) {
        if (group.selection() == Selection.NONE && group.ring().isEmpty() && !mastersRunIt) {
            return RingView.settled(PeerRing.of(self)); // nobody is active, so nobody else runs anything
        }
        Differences told = differences.of(group);
        return new RingView(
                PeerRing.of(group.ring()),
                group.agreed() && (told.known() || !told.any()),
                group.kept().stream().map(PeerRing::of).toList(),
                told);
    }

    /** The daemon is gone: from now on a data timeout is left. */
    void onDaemonGone(long nowNanos) {
        if (told) {
            told = false;
            untoldSinceNanos = nowNanos;
        }
    }

    /** Returns whether this node has just become a ring of one. */
    boolean onTick(long nowNanos) {
        if (told || alone || nowNanos - untoldSinceNanos < dataTimeoutNanos) {
            return false;
        }
        alone = true;
        rule = rule(selection ->
                RingView.settled(selection == Selection.NONE ? PeerRing.of(self) : PeerRing.of(List.of())));
        return true;
    }

    RunnerRule rule() {
        return rule;
    }

    /** How long the last rings hold without a daemon. */
    long dataTimeoutNanos() {
        return dataTimeoutNanos;
    }

    /** Whether rings that the daemon told are worth keeping: one that we had left tells nothing about who runs our share. */
    boolean worthKeeping() {
        return told && rule.own().current().contains(self);
    }
}
