package org.merlin.confsync.generation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Several nodes' configuration sync in one thread: real stores and folders, simulated links, schedulers and time. What is
 * waiting happens in an order that the seed decides; messages of one link keep theirs. A configuration is text: a line
 * {@code broken} makes the check fail, {@code refused by NODE} the check there, {@code dies on NODE} the scheduler there not come back, {@code GROUP: ...} belongs to a hostgroup's
 * part.
 */
final class SimulatedSites implements AutoCloseable {
    static final String FILE = "hosts.cfg";
    private static final long STEP_NANOS = 5_000_000L;

    private final Path root;
    private final SplittableRandom random;
    private final Map<String, Site> sites = new TreeMap<>();
    private final Set<Set<String>> cut = new HashSet<>();
    private long nowNanos;
    private long steps;

    SimulatedSites(long seed) {
        random = new SplittableRandom(seed);
        try {
            root = Files.createTempDirectory("sites");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One node. */
    final class Site implements World {
        private final String name;
        private final List<Neighbour> neighbours;
        private final Map<String, Deque<Runnable>> inbox = new LinkedHashMap<>();
        private final List<Runnable> soon = new ArrayList<>();
        private final Set<String> linked = new HashSet<>();
        private Optional<Syncer> syncer = Optional.empty();
        private boolean running = true;
        private boolean deaf;
        private String loaded = "";
        private int reloads;
        private long skewSeconds;
        private final List<String> said = new ArrayList<>();
        private final Map<String, Boolean> extras = new TreeMap<>();

        Site(String name, List<Neighbour> neighbours) {
            this.name = name;
            this.neighbours = neighbours;
        }

        Path folder() {
            return root.resolve(name).resolve("conf.d");
        }

        void write(String text) {
            write(FILE, text);
        }

        void write(String file, String text) {
            try {
                Files.createDirectories(folder());
                Files.writeString(folder().resolve(file), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What is in the folder, all files one after another. */
        String text() {
            if (!Files.isDirectory(folder())) {
                return "";
            }
            try (Stream<Path> files = Files.list(folder())) {
                return files.sorted().map(SimulatedSites::read).collect(Collectors.joining());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What the scheduler runs. */
        String loaded() {
            return loaded;
        }

        int reloads() {
            return reloads;
        }

        List<String> said() {
            return said;
        }

        /** From now on it hears nothing, though its links are open. */
        void deaf(boolean now) {
            deaf = now;
        }

        void skew(long seconds) {
            skewSeconds = seconds;
        }

        void scheduler(boolean up) {
            running = up;
            if (up) {
                loaded = text();
                syncer.ifPresent(Syncer::onScheduler);
            }
        }

        /** Its scheduler is seen for the first time; it has read something else than is there by now. */
        void connect(String read) {
            running = true;
            loaded = read;
            syncer.ifPresent(Syncer::onScheduler);
        }

        Syncer syncer() {
            return syncer.orElseThrow();
        }

        boolean up() {
            return syncer.isPresent();
        }

        void start() {
            try {
                Path state = Files.createDirectories(root.resolve(name).resolve("state"));
                if (loaded.isEmpty()) {
                    loaded = text();
                }
                WorkingFolder.Limits limits = new WorkingFolder.Limits(100, 1 << 20);
                Syncer made = new Syncer(
                        name,
                        new ObjectStore(state),
                        folders(limits),
                        SyncMemory.read(state.resolve("memory")),
                        this,
                        limits);
                syncer = Optional.of(made);
                made.start(neighbours, nowNanos);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private WorkingFolders folders(WorkingFolder.Limits limits) {
            WorkingFolders folders = new WorkingFolders(
                    new WorkingFolder(folder(), (one, other) -> false, limits, WorkingFolder.Holds.OBJECTS), limits);
            extras.forEach((extra, toPollers) -> folders.add(
                    extra,
                    new WorkingFolder(extra(extra), (one, other) -> false, limits, WorkingFolder.Holds.EXTRAS),
                    toPollers));
            return folders;
        }

        /** Its merlin.conf has a path for this name, from its next start. */
        void takes(String extra, boolean toPollers) {
            extras.put(extra, toPollers);
        }

        Path extra(String extra) {
            return root.resolve(name).resolve(extra).resolve("extra");
        }

        /** Ends it at once, whatever it was about; its scheduler goes on. */
        void kill() {
            syncer = Optional.empty();
            soon.clear();
            inbox.clear();
            for (Site other : sites.values()) {
                other.inbox.remove(name);
                if (other.linked.remove(name)) {
                    other.syncer.ifPresent(there -> there.onLinkGone(name, nowNanos));
                }
            }
            linked.clear();
        }

        // --- the world ---------------------------------------------------------------------------------------------

        private void later(Runnable step) {
            soon.add(step);
        }

        @Override
        public void send(String node, int code, ByteBuffer body) {
            if (linked.contains(node) && !sites.get(node).deaf) {
                Syncer receiver = sites.get(node).syncer.orElseThrow();
                sites.get(node)
                        .inbox
                        .computeIfAbsent(name, key -> new ArrayDeque<>())
                        .add(() -> {
                            try {
                                receiver.onMessage(name, code, body, nowNanos);
                            } catch (MalformedPacketException e) {
                                throw new IllegalStateException(e);
                            }
                        });
            }
        }

        @Override
        public void check(FileTree tree, Consumer<Outcome> answer) {
            Path staged = root.resolve(name).resolve("staged");
            try {
                WorkingFolder.write(tree, new ObjectStore(root.resolve(name).resolve("state")), staged);
            } catch (IOException | DamagedException e) {
                throw new IllegalStateException(e);
            }
            boolean broken = tree.files().keySet().stream()
                    .anyMatch(file -> read(staged.resolve(file)).contains("broken"));
            boolean refused = tree.files().keySet().stream()
                    .anyMatch(file -> read(staged.resolve(file)).contains("refused by " + name));
            Outcome outcome = broken
                    ? Outcome.bad(FILE + ":1: broken, says " + name)
                    : refused ? Outcome.bad(FILE + ":2: refused by " + name) : Outcome.good("");
            later(() -> answer.accept(outcome));
        }

        @Override
        public boolean schedulerRuns() {
            return running;
        }

        @Override
        public boolean schedulerHasReadAll() {
            return loaded.equals(text());
        }

        @Override
        public void reload(Consumer<Outcome> answer) {
            reloads++;
            later(() -> {
                String text = text();
                if (text.contains("dies on " + name) || text.contains("dies everywhere")) {
                    running = false;
                    later(() -> answer.accept(Outcome.bad("the scheduler of " + name + " did not come back")));
                } else {
                    running = true;
                    loaded = text;
                    answer.accept(Outcome.good(""));
                }
            });
        }

        @Override
        public void split(
                List<List<String>> selections, BiConsumer<List<String>, byte[]> part, Consumer<Outcome> answer) {
            split(loaded, selections, part, answer);
        }

        @Override
        public void preview(
                FileTree tree,
                List<List<String>> selections,
                BiConsumer<List<String>, byte[]> part,
                Consumer<Outcome> answer) {
            split(text(), selections, part, answer);
        }

        private void split(
                String whole,
                List<List<String>> selections,
                BiConsumer<List<String>, byte[]> part,
                Consumer<Outcome> answer) {
            later(() -> {
                for (List<String> groups : selections) {
                    String lines = whole.lines()
                            .filter(line -> groups.contains(line.split(":")[0]))
                            .map(line -> line + "\n")
                            .collect(Collectors.joining());
                    part.accept(groups, lines.getBytes(StandardCharsets.UTF_8));
                }
                answer.accept(Outcome.good(""));
            });
        }

        @Override
        public long seconds() {
            return 1_000_000 + nowNanos / 1_000_000_000L + skewSeconds;
        }

        @Override
        public void say(SyncEvent event, String what) {
            said.add(event + " " + what);
        }
    }

    // --- building ----------------------------------------------------------------------------------------------------

    Site add(String name, Neighbour... neighbours) {
        Site site = new Site(name, List.of(neighbours));
        sites.put(name, site);
        return site;
    }

    static Neighbour peer(String name) {
        return new Neighbour(name, NodeRole.PEER, List.of());
    }

    static Neighbour master(String name) {
        return new Neighbour(name, NodeRole.MASTER, List.of());
    }

    static Neighbour poller(String name, String... groups) {
        return new Neighbour(name, NodeRole.POLLER, List.of(groups));
    }

    Site site(String name) {
        return sites.get(name);
    }

    List<Site> sites() {
        return List.copyOf(sites.values());
    }

    // --- time --------------------------------------------------------------------------------------------------------

    void cut(String one, String other) {
        cut.add(Set.of(one, other));
    }

    void mend() {
        cut.clear();
    }

    /** Lets simulated time pass. */
    void run(double seconds) {
        long end = nowNanos + (long) (seconds * 1e9);
        while (nowNanos < end) {
            step();
        }
    }

    /** One thing happens. */
    void step() {
        nowNanos += STEP_NANOS;
        steps++;
        links();
        if (steps % 200 == 0) {
            sites.values().forEach(site -> site.syncer.ifPresent(syncer -> syncer.onTick(nowNanos)));
        }
        List<Runnable> possible = new ArrayList<>();
        for (Site site : sites.values()) {
            site.soon.forEach(step -> possible.add(() -> {
                site.soon.remove(step);
                step.run();
            }));
            site.inbox.values().stream()
                    .filter(queue -> !queue.isEmpty())
                    .forEach(queue -> possible.add(() -> queue.remove().run()));
        }
        if (!possible.isEmpty()) {
            possible.get(random.nextInt(possible.size())).run();
        }
    }

    private void links() {
        for (Site site : sites.values()) {
            for (Neighbour neighbour : site.neighbours) {
                Site other = sites.get(neighbour.name());
                boolean wanted = site.up() && other.up() && !cut.contains(Set.of(site.name, other.name));
                if (wanted && site.linked.add(other.name)) {
                    other.linked.add(site.name);
                    site.syncer().onLink(other.name, nowNanos);
                    other.syncer().onLink(site.name, nowNanos);
                } else if (!wanted && site.up() && site.linked.remove(other.name)) {
                    site.inbox.remove(other.name);
                    site.syncer().onLinkGone(other.name, nowNanos);
                }
            }
        }
    }

    // --- asking ------------------------------------------------------------------------------------------------------

    /** Pushes what the folder of a node holds, and lets time pass until that is over. */
    Push push(String node) {
        return push(node, new PushWish(Optional.empty(), false, false, List.of(), 0, false, "pushed"));
    }

    Push push(String node, PushWish wish) {
        Push push = site(node).syncer().push(wish).orElseThrow(() -> new IllegalStateException(node + " is busy"));
        for (int i = 0; i < 600 && push.stage() != Push.Stage.ENDED; i++) {
            run(1);
        }
        return push;
    }

    Map<String, String> heads() {
        Map<String, String> heads = new HashMap<>();
        sites.values().stream()
                .filter(Site::up)
                .forEach(site -> heads.put(
                        site.name,
                        site.syncer().view().runs().map(SyncView.Entry::hash).orElse("")));
        return heads;
    }

    SplittableRandom random() {
        return random;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(root)) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
