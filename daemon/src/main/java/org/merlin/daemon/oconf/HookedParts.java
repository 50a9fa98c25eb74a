package org.merlin.daemon.oconf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Splitter;
import org.merlin.daemon.cluster.ConfigPort;
import org.merlin.daemon.cluster.PollerParts;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeRole;

/**
 * The hashes of the parts of pollers that a command brings their files: what a poller has is compared with these. Computed anew with each
 * run of our scheduler, on a thread of its own. Called on the cluster loop.
 */
public final class HookedParts implements ConfigPort, PollerParts {
    private final Journal journal;
    private volatile Map<List<String>, ConfigStamp> parts = Map.of();
    private MerlinConf conf;
    private Optional<Run> run = Optional.empty();

    public HookedParts(MerlinConf conf, Journal journal) {
        this.conf = conf;
        this.journal = journal;
    }

    @Override
    public Optional<ConfigStamp> of(MerlinConf.Node poller) {
        return Optional.ofNullable(parts.get(poller.selection().hostgroups()));
    }

    @Override
    public void onModule(Optional<Run> now) {
        boolean fresh = now.isPresent()
                && run.filter(before ->
                                before.info().epoch() == now.get().info().epoch())
                        .isEmpty();
        run = now.isPresent() ? now : run;
        if (fresh) {
            compute();
        }
    }

    @Override
    public void onConf(MerlinConf newConf) {
        conf = newConf;
        compute();
    }

    private void compute() {
        List<List<String>> selections = conf.nodes(NodeRole.POLLER).stream()
                .filter(node -> node.objectConfig().push().isPresent())
                .map(node -> node.selection().hostgroups())
                .distinct()
                .toList();
        if (selections.isEmpty() || run.isEmpty()) {
            parts = Map.of();
            return;
        }
        Run of = run.get();
        MerlinConf by = conf;
        Thread thread = new Thread(() -> compute(by, of, selections), "merlin-split");
        thread.setDaemon(true);
        thread.start();
    }

    private void compute(MerlinConf by, Run of, List<List<String>> selections) {
        try {
            Optional<KnownScheduler> known =
                    KnownScheduler.of(of.pid(), of.info().scheduler());
            Splitter splitter = new ObjectSource(by, known).loaded();
            Map<List<String>, ConfigStamp> made = new HashMap<>();
            for (List<String> hostgroups : selections) {
                made.put(
                        hostgroups,
                        new ConfigStamp(
                                splitter.part(hostgroups).sha1(),
                                of.info().config().newestMtimeSeconds()));
            }
            parts = Map.copyOf(made);
        } catch (IOException | ObjectFile.SyntaxException e) {
            parts = Map.of();
            journal.warnLimited(LogEvent.CONFIG_TROUBLE, "pollers' parts cannot be compared: " + e.getMessage());
        }
    }

    @Override
    public void onLink(String node) {}

    @Override
    public void onLinkGone(String node) {}

    @Override
    public void onPacket(String node, int code, ByteBuffer body) {}

    @Override
    public void onFetch(String node) {}
}
