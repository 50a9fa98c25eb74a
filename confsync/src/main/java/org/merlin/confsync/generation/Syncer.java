package org.merlin.confsync.generation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.merlin.protocol.control.ConfigAsk;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.control.ConfigPiece;
import org.merlin.protocol.control.ConfigTry;
import org.merlin.protocol.control.ConfigVerdict;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketType;

/**
 * One node's part in keeping the object configuration equal: tells others what it runs, follows what follows that, and gives what
 * others lack. Only what comes from peers and masters is followed. Confined to one thread, its own: it reads and writes files.
 */
public final class Syncer {
    /** A piece of an object: a few of them on their way do not hold a pulse back. */
    private static final int PIECE_BYTES = 32 << 10;

    private static final long LOOK_NANOS = 10_000_000_000L;
    private static final long AGAIN_NANOS = 50_000_000_000L;
    private final String self;
    private final ObjectStore store;
    private final WorkingFolders folder;
    private final SyncMemory memory;
    private final World world;
    private final Lineage lineage;
    private final Keeping keeping;
    private final Parts parts;
    private final Map<String, Remote> remotes = new TreeMap<>();
    private final Map<String, Optional<ConfigHead>> links = new HashMap<>(); // also of nodes that take no part as yet
    private final Follower follower;
    private final Trial trial;
    private final Comparing comparing;
    private Optional<Push> push = Optional.empty();
    private String loaded = "";
    private boolean edited;
    private boolean lacking;
    private Map.Entry<String, String> refusal = Map.entry("", "");
    private List<String> skipped = List.of();
    private boolean ending;
    private boolean unread;
    private long lookedNanos;
    private long pushedNanos;
    private long now;

    public Syncer(
            String self,
            ObjectStore store,
            WorkingFolders folder,
            SyncMemory memory,
            World world,
            WorkingFolder.Limits limits) {
        this.self = self;
        this.store = store;
        this.folder = folder;
        this.memory = memory;
        this.world = world;
        this.lineage = new Lineage(store);
        this.keeping = new Keeping(store, lineage, memory);
        this.parts = new Parts(store, world);
        this.trial = new Trial(self, store, folder, memory, world);
        this.follower = new Follower(this, limits);
        this.comparing = new Comparing(this);
    }

    // --- what happens ------------------------------------------------------------------------------------------------

    /** Begins: ends a trial that a kill has cut off, and takes what the folder holds for what this node runs if it is new here. */
    public void start(List<Neighbour> nodes, long nowNanos) {
        now = nowNanos;
        lookedNanos = nowNanos;
        setNodes(nodes);
        guarded(() -> {
            folder.recover();
            store.forgetPartial();
            if (!memory.trial().isEmpty()) {
                ending = true;
                trial.end(keeping.tree(memory.before()), triedTree(), () -> {
                    ending = false;
                    guarded(this::begin);
                });
            } else {
                begin();
            }
        });
    }

    private Optional<FileTree> triedTree() throws IOException {
        Optional<Generation> tried = lineage.get(memory.trial());
        return tried.isPresent() ? tree(tried.get()) : Optional.empty();
    }

    private void begin() throws IOException, DamagedException {
        FileTree present = look();
        FileTree objects = WorkingFolders.objects(present);
        if (memory.head().isEmpty() && !objects.isEmpty() && !hasMasters()) {
            String tree =
                    store.put(objects.text()); // what goes with them is pushed: peers with equal objects begin equally
            memory.accept(store.put(Generation.first(tree).text()));
            look();
            tellAll();
        }
        if (world.schedulerRuns()) {
            onScheduler();
        }
        follower.consider();
    }

    /** The nodes that there are from now on. */
    public void setNodes(List<Neighbour> nodes) {
        Set<String> names = new HashSet<>();
        for (Neighbour node : nodes) {
            names.add(node.name());
            remotes.computeIfAbsent(node.name(), name -> joined(node)).become(node);
        }
        remotes.keySet().retainAll(names);
        folder.follow(hasMasters());
        remake();
    }

    /** A node that took no part before; its link may be open, and it may have told what it runs. */
    private Remote joined(Neighbour node) {
        Remote remote = new Remote(node);
        Optional.ofNullable(links.get(node.name())).ifPresent(told -> {
            remote.linked(true);
            told.ifPresent(remote::told);
            tell(remote);
        });
        return remote;
    }

    /** A link to a node is open; it knows nothing of us yet. */
    public void onLink(String node, long nowNanos) {
        now = nowNanos;
        links.put(node, Optional.empty());
        remote(node).ifPresent(remote -> {
            remote.linked(true);
            tell(remote);
            guarded(() -> comparing.gathering().onLink(node, now));
            guarded(() -> follower.onLink(node));
        });
    }

    /** The link to a node is gone. */
    public void onLinkGone(String node, long nowNanos) {
        now = nowNanos;
        links.remove(node);
        remote(node).ifPresent(remote -> {
            remote.linked(false);
            guarded(() -> comparing.gathering().onLink(node, now));
            guarded(() -> follower.onLink(node));
            push.ifPresent(Push::onChanged);
        });
    }

    /**
     * A node sent one of our control packets.
     *
     * @throws MalformedPacketException if its body is not what its code says
     */
    public void onMessage(String node, int code, ByteBuffer body, long nowNanos) throws MalformedPacketException {
        now = nowNanos;
        Optional<Remote> from = remote(node);
        if (code == PacketType.CONFIG_HEAD && links.containsKey(node)) {
            links.put(node, Optional.of(ConfigHead.decode(body.duplicate())));
        }
        if (from.isEmpty()) {
            return;
        }
        switch (code) {
            case PacketType.CONFIG_HEAD -> onHead(from.get(), ConfigHead.decode(body));
            case PacketType.CONFIG_TRY -> onTry(from.get(), ConfigTry.decode(body));
            case PacketType.CONFIG_VERDICT -> {
                ConfigVerdict verdict = ConfigVerdict.decode(body);
                push.ifPresent(running -> running.onVerdict(node, verdict));
            }
            case PacketType.CONFIG_ASK -> onAsk(from.get(), ConfigAsk.decode(body));
            case PacketType.CONFIG_PIECE -> {
                ConfigPiece piece = ConfigPiece.decode(body);
                guarded(() -> comparing.gathering().onPiece(node, piece, now));
                guarded(() -> follower.onPiece(node, piece));
            }
            default -> {} // a newer version's
        }
    }

    private void onHead(Remote from, ConfigHead head) {
        from.told(head);
        follower.onOffers();
        guarded(follower::consider);
        push.ifPresent(Push::onChanged);
    }

    private void onTry(Remote from, ConfigTry asked) {
        if (!from.is(NodeRole.PEER)) {
            world.say(
                    SyncEvent.TROUBLE,
                    from.name() + " asks whether we would run " + Hash.shown(asked.generation())
                            + ", and is no peer of ours: not answered");
            return;
        }
        if (push.filter(Push::mayYield).isPresent() && from.name().compareTo(self) < 0) {
            push.orElseThrow().yieldTo(from.name());
        }
        if (push.filter(running -> !running.spreading()).isPresent()) {
            verdict(from.name(), asked.generation(), false, Outcome.bad("it is pushing a change of its own just now"));
            return;
        }
        guarded(() -> follower.onTry(from.name(), asked.generation(), asked.again()));
    }

    /**
     * Answers a node that asks whether we would run a generation.
     *
     * @param checked whether our scheduler's check says so; else it is only not possible now
     */
    void verdict(String node, String generation, boolean checked, Outcome outcome) {
        world.send(
                node,
                PacketType.CONFIG_VERDICT,
                new ConfigVerdict(generation, outcome.good(), checked, outcome.words()).encode());
    }

    private void onAsk(Remote from, ConfigAsk ask) {
        guarded(() -> {
            ConfigPiece piece;
            if (store.has(ask.object()) && gives(from, ask.object())) {
                piece = new ConfigPiece(
                        ask.object(),
                        ask.offset(),
                        store.packedBytes(ask.object()),
                        store.packed(ask.object(), ask.offset(), PIECE_BYTES));
            } else {
                piece = new ConfigPiece(ask.object(), ask.offset(), -1, ByteBuffer.allocate(0));
            }
            world.send(from.name(), PacketType.CONFIG_PIECE, piece.encode());
        });
    }

    /** A poller gets its part, and what says where that comes from, and nothing of what other pollers have. */
    private boolean gives(Remote to, String object) throws IOException {
        return !to.is(NodeRole.POLLER)
                || parts.gives(to.neighbour().hostgroups(), object)
                || lineage.get(object).isPresent();
    }

    /** Lets time pass; wanted about once a second. */
    public void onTick(long nowNanos) {
        now = nowNanos;
        guarded(() -> {
            if (now - lookedNanos >= LOOK_NANOS && !busy()) {
                lookedNanos = now;
                boolean before = edited;
                look();
                if (before != edited) {
                    tellAll();
                }
                follower.lookAgain();
                autoPush();
            }
            follower.onTick(now);
            comparing.gathering().onTick(now);
        });
        push.ifPresent(running -> running.onTick(now));
    }

    /** The scheduler has started, or read its configuration, by itself or by us. */
    public void onScheduler() {
        guarded(() -> {
            FileTree present = look();
            boolean read = world.schedulerHasReadAll();
            loaded = read ? present.hash() : "";
            if (busy()) {
                return;
            }
            if (!read && !edited && !memory.head().isEmpty() && (unread || hasMasters())) {
                readNow(present.hash());
            } else {
                remake();
                autoPush();
            }
        });
    }

    /** A generation was accepted while no scheduler was to be seen; one was just starting, and has read what was there before. */
    private void readNow(String tree) {
        unread = false;
        ending = true;
        world.reload(outcome -> {
            ending = false;
            if (outcome.good()) {
                loaded = tree;
                remake();
            } else {
                world.say(SyncEvent.TROUBLE, "the scheduler has not read what this node runs: " + outcome.words());
            }
            guarded(follower::consider);
        });
    }

    /** What somebody changed, and the scheduler runs by now, goes to the others without being pushed. */
    private void autoPush() throws IOException {
        boolean ours = edited && !busy() && !hasMasters() && !memory.head().isEmpty();
        boolean due = pushedNanos == 0 || now - pushedNanos >= AGAIN_NANOS;
        if (ours && due && loaded.equals(present().hash()) && !memory.refused().containsKey(loaded)) {
            pushedNanos = now;
            push(PushWish.readByScheduler());
        }
    }

    // --- what this node does -----------------------------------------------------------------------------------------

    /**
     * Begins a push.
     *
     * @return empty if something else is being done just now
     */
    public Optional<Push> push(PushWish wish) {
        if (busy()) {
            return Optional.empty();
        }
        Optional<Push> before = push;
        Push begun = new Push(this, wish);
        push = Optional.of(begun);
        before.ifPresent(Push::overtake);
        begun.begin();
        return Optional.of(begun);
    }

    void onPushEnded(Push ended) {
        if (!push.equals(Optional.of(ended))) {
            return;
        }
        push = Optional.empty();
        guarded(() -> {
            look();
            tellAll();
            follower.consider();
        });
    }

    boolean busy() {
        return ending
                || follower.busy()
                || push.filter(running -> !running.spreading()).isPresent();
    }

    /**
     * A generation is run from now on.
     *
     * @param read whether the scheduler has just read it
     */
    void onAccepted(String hash, String how, boolean read) {
        guarded(() -> {
            Generation generation =
                    lineage.get(hash).orElseThrow(() -> new DamagedException("generation " + hash + " is gone"));
            world.say(
                    SyncEvent.ACCEPTED,
                    Hash.shown(hash) + " of " + (generation.author().isEmpty() ? "no one node" : generation.author())
                            + " (" + generation.note() + ")" + (how.isEmpty() ? "" : ": " + how));
            loaded = read || loaded.equals(generation.tree()) ? generation.tree() : "";
            unread = loaded.isEmpty();
            edited = false;
            lacking = false;
            if (!generation.isWayBack()) {
                refusal = Map.entry("", "");
            }
            sayUnknown(generation);
            follower.onHeadChanged();
            keeping.sweep(
                    parts.objects(), remotes.values().stream().map(Remote::runs).toList());
            tellAll();
            remake();
        });
    }

    private void sayUnknown(Generation generation) throws IOException {
        Set<String> names = folder.unknown(tree(generation).orElse(FileTree.EMPTY));
        if (!names.isEmpty()) {
            world.say(
                    SyncEvent.TROUBLE,
                    "what comes as " + String.join(", ", names)
                            + " is not written here: merlin.conf has no line NAME = /PATH; for it in section sync of daemon");
        }
    }

    /** A node does not take what is pushed from here; the log is told once of the same. */
    void onRefused(String tree, String what, String why) {
        Map.Entry<String, String> now = Map.entry(tree, why);
        if (!now.equals(refusal)) {
            refusal = now;
            world.say(SyncEvent.REFUSED, what + why);
        }
    }

    /** Tree and reason of what was refused last, here or of what was pushed from here; empty texts if something newer runs. */
    Map.Entry<String, String> refusal() {
        return follower.refusal().getKey().isEmpty() ? refusal : follower.refusal();
    }

    /** Cuts pollers' parts anew, if the scheduler has loaded what this node runs. */
    private void remake() {
        guarded(() -> {
            List<List<String>> selections = selections();
            Optional<Generation> head = lineage.get(memory.head());
            if (!selections.isEmpty()
                    && head.isPresent()
                    && loaded.equals(head.get().tree())) {
                FileTree extras = tree(head.get()).orElse(FileTree.EMPTY).only(SyncName::toPollers);
                parts.make(memory.head(), head.get(), extras, selections, () -> {
                    tellAll();
                    push.ifPresent(Push::onChanged);
                });
            }
        });
    }

    /** Hostgroups of each group of pollers. */
    List<List<String>> selections() {
        return remotes.values().stream()
                .filter(remote -> remote.is(NodeRole.POLLER))
                .map(remote -> remote.neighbour().hostgroups())
                .distinct()
                .toList();
    }

    // --- what is told ------------------------------------------------------------------------------------------------

    void tellAll() {
        remotes.values().stream().filter(Remote::linked).forEach(this::tell);
    }

    private void tell(Remote to) {
        String offers = switch (to.neighbour().role()) {
            case PEER -> memory.head();
            case POLLER -> parts.of(to.neighbour().hostgroups());
            case MASTER -> "";
        };
        Map.Entry<String, String> refusal = follower.refusal();
        world.send(
                to.name(),
                PacketType.CONFIG_HEAD,
                new ConfigHead(offers, memory.head(), doing(), refusal.getKey(), refusal.getValue(), edited).encode());
    }

    // --- what the parts ask ------------------------------------------------------------------------------------------

    /** Reads the folder. */
    FileTree look() throws IOException, DamagedException {
        Optional<FileTree> head = headTree();
        FileTree present = folder.snapshot(store, head.orElse(FileTree.EMPTY));
        edited = head.isPresent() && !head.get().equals(present);
        lacking = head.isPresent() && folder.lacks(head.get());
        if (!folder.skipped().equals(skipped)) {
            skipped = folder.skipped();
            skipped.forEach(what -> world.say(
                    SyncEvent.TROUBLE, what + "; this node's scheduler may read it, and then differs from others"));
        }
        return present;
    }

    private FileTree present() throws IOException {
        try {
            return folder.snapshot(store, headTree().orElse(FileTree.EMPTY));
        } catch (DamagedException e) {
            return FileTree.EMPTY;
        }
    }

    Optional<FileTree> headTree() throws IOException {
        Optional<Generation> head = lineage.get(memory.head());
        return head.isPresent() ? tree(head.get()) : Optional.empty();
    }

    /** The files of a generation, if its list of them is here. */
    Optional<FileTree> tree(Generation generation) throws IOException {
        return keeping.tree(generation.tree());
    }

    Optional<Remote> remote(String name) {
        return Optional.ofNullable(remotes.get(name));
    }

    List<Remote> remotes() {
        return List.copyOf(remotes.values());
    }

    boolean hasMasters() {
        return remotes.values().stream().anyMatch(remote -> remote.is(NodeRole.MASTER));
    }

    String self() {
        return self;
    }

    ObjectStore store() {
        return store;
    }

    WorkingFolders folder() {
        return folder;
    }

    SyncMemory memory() {
        return memory;
    }

    World world() {
        return world;
    }

    Lineage lineage() {
        return lineage;
    }

    Parts parts() {
        return parts;
    }

    Trial trial() {
        return trial;
    }

    Follower follower() {
        return follower;
    }

    /** Has the scheduler's own check try the object files of a tree. */
    void check(FileTree tree, Consumer<Outcome> answer) {
        world.check(WorkingFolders.objects(tree), answer);
    }

    /** Whether this node has a place for something that it runs and has never written there. */
    boolean lacking() {
        return lacking;
    }

    boolean edited() {
        return edited;
    }

    long now() {
        return now;
    }

    /** Something that reads or writes. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException, DamagedException;
    }

    /** A disk that does not do as it should is told, and never ends the thread; what was being done says itself that it is over. */
    void guarded(Step step) {
        try {
            step.run();
        } catch (IOException | DamagedException e) {
            world.say(SyncEvent.TROUBLE, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** What this node is about, for people; empty if it is about nothing. */
    String doing() {
        return follower.doing().isEmpty() ? push.map(Push::doing).orElse("") : follower.doing();
    }

    /** The push that runs. */
    public Optional<Push> running() {
        return push;
    }

    /** Hashes of the generations that are known here and begin so, sorted. */
    public List<String> find(String beginning) throws IOException {
        Set<String> all = new TreeSet<>(memory.log());
        all.addAll(memory.kept());
        remotes.values().forEach(remote -> all.add(remote.runs()));
        all.addAll(lineage.ancestry(memory.head()));
        return all.stream()
                .filter(hash -> !beginning.isEmpty() && hash.startsWith(beginning))
                .toList();
    }

    /** Peers that are known to run what does not lead to what this node runs: what {@code resolve} chooses between. */
    public List<String> disputes() throws IOException {
        return new Obstacles(this).disputes();
    }

    /** Puts changes aside that were not pushed, so that what others offer can be taken: what was before them is in the folder again. */
    public boolean putAside() {
        boolean[] done = new boolean[1];
        guarded(() -> {
            FileTree present = look();
            Optional<FileTree> head = headTree();
            if (edited && head.isPresent() && !busy()) {
                trial.keepEdits(present);
                folder.replace(head.get(), present, store);
                look();
                done[0] = true;
            }
        });
        fetch();
        return done[0];
    }

    /** Looks anew at what others offer, whatever was decided about it before, but for what was refused. */
    public void fetch() {
        guarded(follower::reconsider);
    }

    /** What in the folder keeps out what others offer, with what to do; empty if nothing does. A part is written over it. */
    public Optional<String> keepsOut() {
        guarded(this::look);
        return edited && !hasMasters()
                ? Optional.of(
                        folder.path() + " holds changes that were not pushed, and what others offer is not written"
                                + " over them: copy them aside, or --force puts them into the history")
                : Optional.empty();
    }

    /**
     * What a push of the folder would change where.
     *
     * @param only nodes that it would go to for now; empty for all
     * @return false if this node is busy; then there is no answer
     */
    public boolean plan(Set<String> only, Consumer<Plan> answer) throws IOException {
        if (busy()) {
            return false;
        }
        try {
            Plan.make(this, only, answer);
        } catch (DamagedException e) {
            throw new IOException(e.getMessage(), e);
        }
        return true;
    }

    /**
     * What another node would get: how the files that it is to run differ from those that it runs, which are fetched if they are not here.
     *
     * @param lines takes the difference, later
     * @param failed takes the reason if there is none
     */
    public void difference(String node, Consumer<List<String>> lines, Consumer<String> failed) {
        try {
            comparing.begin(node, lines, failed);
        } catch (IOException | DamagedException e) {
            failed.accept(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** What is kept of generations. */
    public Archive archive() {
        return new Archive(store, lineage);
    }

    /** What is known of all nodes. */
    public SyncView view() {
        try {
            return SyncView.of(this);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Hash of the generation that each node runs, by its name, this one included; without those of which that is not known. */
    public Map<String, String> runs() {
        Map<String, String> runs = new TreeMap<>();
        runs.put(self, memory.head());
        remotes.values().forEach(remote -> runs.put(remote.name(), remote.runs()));
        runs.values().removeIf(String::isEmpty);
        return runs;
    }

    /** A generation by its hash, as far as it is known here. */
    public Optional<SyncView.Entry> generation(String hash) throws IOException {
        return SyncView.entry(this, hash);
    }

    /** What was run here, is kept, or led to what is run, the newest first. */
    public List<SyncView.Entry> history() throws IOException {
        return SyncView.history(this);
    }
}
