package org.merlin.daemon.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.merlin.confsync.hooks.HookCommand;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.hooks.HookResult.End;
import org.merlin.confsync.hooks.HookRunner;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/** Nodes that know nothing of each other but their configurations, in virtual time; commands take two seconds and do what a test says. */
final class ConfigWorld {
    static final String PUSH = "push";
    static final String FETCH = "mon oconf fetch";
    private static final long SECOND = 1_000_000_000L;
    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;

    final Map<String, Site> sites = new TreeMap<>();
    /** What the commands that were run did, as {@code luke push yoda}. */
    final List<String> done = new ArrayList<>();
    /** What a command does when it ends; as it stands, nothing. */
    Consumer<Done> effect = done -> {};

    /** Nodes for which commands never end. */
    final Set<String> hanging = new HashSet<>();

    long now = 5 * SECOND;
    private final List<Later> later = new ArrayList<>();

    /** A command of a site that ends now; its result may be changed. */
    static final class Done {
        final Site site;
        final Site other;
        final String kind;
        HookResult result = new HookResult(End.EXITED, 0, Duration.ofSeconds(2), "", 0);

        Done(Site site, Site other, String kind) {
            this.site = site;
            this.other = other;
            this.kind = kind;
        }
    }

    private record Later(long atNanos, Runnable what) {}

    /** One node: its configuration, and how it sees others. */
    final class Site implements HookRunner, HookMemory {
        final String name;
        String sha1;
        long mtime = 1000;
        final Map<String, Partner> partners = new LinkedHashMap<>();
        final Map<String, String> parts = new TreeMap<>();
        Map<String, Kept> kept = Map.of();
        ConfigWatch watch;
        boolean away;

        Site(String name, String sha1) {
            this.name = name;
            this.sha1 = sha1;
            restart();
        }

        /** Its daemon starts, and forgets what it does not keep. */
        void restart() {
            Journal journal = new Journal(() -> now);
            Clocks clocks = new Clocks(() -> now, ConfigWorld.this::micros, new SplittableRandom(1));
            watch = new ConfigWatch(
                    name, () -> List.copyOf(partners.values()), () -> Optional.of(info()), clocks, journal);
            watch.partsFrom(
                    poller -> Optional.ofNullable(parts.get(poller.name())).map(part -> new ConfigStamp(part, mtime)));
            watch.runWith(this, this);
        }

        Site sees(NodeRole role, String other, MerlinConf.ObjectConfig conf) {
            partners.put(other, new Partner(this, other, role, conf));
            return this;
        }

        Partner partner(String other) {
            return partners.get(other);
        }

        NodeHooks of(String other) {
            return watch.hooks(partner(other));
        }

        void has(String newSha1, long newMtime) {
            sha1 = newSha1;
            mtime = newMtime;
        }

        NodeInfo info() {
            return new NodeInfo(
                    1,
                    1,
                    64,
                    true,
                    "test",
                    0,
                    1,
                    name.hashCode(),
                    new ConfigStamp(sha1, mtime),
                    NodeInfo.Counts.NONE,
                    1000,
                    List.of(),
                    List.of(),
                    0,
                    0,
                    List.of());
        }

        @Override
        public void run(HookCommand command, Consumer<HookResult> end) {
            String kind = command.line().startsWith(PUSH) ? "push" : "fetch";
            Site other = sites.get(command.words().get(command.words().size() - 1));
            done.add(name + " " + kind + " " + other.name);
            if (hanging.contains(other.name)) {
                return;
            }
            later.add(new Later(now + 2 * SECOND, () -> {
                Done ended = new Done(this, other, kind);
                effect.accept(ended);
                end.accept(ended.result);
            }));
        }

        @Override
        public Map<String, Kept> load() {
            return kept;
        }

        @Override
        public void save(Map<String, Kept> byNode) {
            kept = Map.copyOf(byNode);
        }
    }

    /** A node as another one sees it. */
    final class Partner implements ConfigPartner {
        private final Site viewer;
        private final MerlinConf.Node conf;

        private Partner(Site viewer, String name, NodeRole role, MerlinConf.ObjectConfig objectConfig) {
            this.viewer = viewer;
            this.conf = new MerlinConf.Node(
                    name,
                    role,
                    name,
                    1,
                    true,
                    Duration.ofSeconds(5),
                    Selection.of(role == NodeRole.POLLER ? List.of(name) : List.of()),
                    true,
                    true,
                    objectConfig);
        }

        @Override
        public MerlinConf.Node conf() {
            return conf;
        }

        @Override
        public Optional<NodeInfo> info() {
            return activeInRing() ? Optional.of(sites.get(conf.name()).info()) : Optional.empty();
        }

        @Override
        public boolean activeInRing() {
            return !sites.get(conf.name()).away;
        }

        @Override
        public void askToFetch() {
            Site asked = sites.get(conf.name());
            asked.watch.onFetchAsked(asked.partner(viewer.name), now);
        }

        @Override
        public String toString() {
            return conf.name();
        }
    }

    static MerlinConf.ObjectConfig commands(Optional<String> push, Optional<String> fetch) {
        return new MerlinConf.ObjectConfig(push, fetch, Map.of());
    }

    static MerlinConf.ObjectConfig both() {
        return commands(Optional.of(PUSH), Optional.of(FETCH));
    }

    Site site(String name, String sha1) {
        Site site = new Site(name, sha1);
        sites.put(name, site);
        return site;
    }

    long micros() {
        return EPOCH_MICROS + now / 1000;
    }

    void run(Duration duration) {
        long until = now + duration.toNanos();
        while (now < until) {
            now += SECOND / 2;
            List<Later> due = later.stream().filter(task -> task.atNanos <= now).toList();
            later.removeAll(due);
            due.forEach(task -> task.what.run());
            sites.values().forEach(site -> site.watch.onTick(now));
        }
    }

    /** Takes the site's configuration over to the other, or the other way round, times and all. */
    static void copy(Done done) {
        Site from = done.kind.equals("push") ? done.site : done.other;
        Site to = done.kind.equals("push") ? done.other : done.site;
        to.has(from.sha1, from.mtime);
    }
}
