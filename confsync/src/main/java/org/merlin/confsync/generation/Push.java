package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.merlin.confsync.generation.Lineage.Relation;
import org.merlin.confsync.generation.Spreading.Seen;
import org.merlin.protocol.control.ConfigTry;
import org.merlin.protocol.control.ConfigVerdict;
import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.wire.PacketType;

/**
 * One push, from the node where it was asked for: check here, let all peers that are connected check, try here, and then watch
 * the others follow. Until it is run here nobody runs it. Confined to the sync's thread; what people read of it is copied.
 */
public final class Push {
    private static final Set<Relation> OTHER_WAYS = EnumSet.of(Relation.APART, Relation.AHEAD);
    private static final long ASKING_NANOS = 120_000_000_000L;
    private static final long SPREADING_NANOS = 150_000_000_000L;
    /** A node that is to follow has heard of it, and begun. */
    private static final long HEARING_NANOS = 5_000_000_000L;

    private final Syncer syncer;
    private PushWish wish;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> fates = Collections.synchronizedMap(new TreeMap<>());
    private final Map<String, Outcome> verdicts = new TreeMap<>();
    private final Set<String> checked = new TreeSet<>();
    private final List<String> awaited = new ArrayList<>();
    private final Spreading spreading;
    private volatile Stage stage = Stage.CHECKING;
    private volatile boolean good;
    private volatile String hash = "";
    private Generation generation = Generation.first("");
    private FileTree tree = FileTree.EMPTY;
    private FileTree present = FileTree.EMPTY;
    private long sinceNanos;

    /** How far it is. */
    public enum Stage {
        CHECKING,
        ASKING,
        TRYING,
        SPREADING,
        SOAKING,
        ENDED
    }

    Push(Syncer syncer, PushWish wish) {
        this.syncer = syncer;
        this.wish = wish;
        this.spreading = new Spreading(syncer, this::say, fates);
    }

    // --- what people read, from any thread ---------------------------------------------------------------------------

    public Stage stage() {
        return stage;
    }

    /** What has happened so far, a sentence a line. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Each node and what became of it there. */
    public Map<String, String> fates() {
        synchronized (fates) {
            return new TreeMap<>(fates);
        }
    }

    /** Whether it ended well. */
    public boolean good() {
        return good;
    }

    /** Hash of the generation; empty as long as there is none. */
    public String generation() {
        return hash;
    }

    String doing() {
        return hash.isEmpty() ? "" : "pushing " + Hash.shown(hash);
    }

    /** Whether others may be followed meanwhile. */
    boolean spreading() {
        return stage == Stage.SPREADING || stage == Stage.SOAKING;
    }

    // --- one step after another --------------------------------------------------------------------------------------

    void begin() {
        sinceNanos = syncer.now();
        step(() -> {
            if (syncer.hasMasters()) {
                end(false, "this node has masters: change the configuration there, it comes here by itself");
                return;
            }
            present = syncer.look();
            Optional<String> ahead = new Obstacles(syncer).ahead();
            if (ahead.isPresent() && !wish.force() && !wish.join()) {
                end(false, ahead.get());
                return;
            }
            if (wish.generation().isPresent()) {
                chosen(wish.generation().get());
            } else {
                tree = present;
                syncer.store().put(tree.text());
                made();
            }
        });
    }

    private void step(Syncer.Step step) {
        if (stage == Stage.ENDED) {
            return; // what it waited for comes too late
        }
        try {
            step.run();
        } catch (IOException | DamagedException | RuntimeException e) {
            end(false, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** The contents of another generation; fetched if they are not here. */
    private void chosen(String wanted) throws IOException, DamagedException {
        Optional<Generation> found = syncer.lineage().get(wanted);
        if (found.isEmpty()) {
            end(false, "there is no generation " + Hash.shown(wanted) + " here: mon oconf history lists them");
            return;
        }
        syncer.follower()
                .gathering()
                .begin(
                        "",
                        () -> syncer.follower().missing(found.get()),
                        () -> step(() -> {
                            FileTree files = syncer.tree(found.get())
                                    .orElseThrow(() -> new DamagedException("its list of files is gone"));
                            tree = files.with(present.only(path -> WorkingFolders.isNewIn(files, path)));
                            syncer.store().put(tree.text());
                            made();
                        }),
                        why -> end(false, "the contents of " + Hash.shown(wanted) + " cannot be had: " + why),
                        syncer.now());
    }

    private void made() throws IOException, DamagedException {
        if (WorkingFolders.objects(tree).isEmpty()) {
            end(false, syncer.folder().path() + " holds no files: there is nothing to push");
            return;
        }
        Optional<Generation> head = syncer.lineage().get(syncer.memory().head());
        List<String> parents = parents();
        boolean sameFiles = head.isPresent() && head.get().tree().equals(tree.hash());
        if (sameFiles
                && parents.size() == 1
                && wish.only().isEmpty()
                && head.get().only().isEmpty()) {
            hash = syncer.memory().head();
            generation = head.get();
            say("nothing has changed here since generation " + Hash.shown(hash));
            spread();
            return;
        }
        String refused = syncer.memory().refused().get(tree.hash());
        if (refused != null && !wish.force()) {
            end(false, "these contents were refused before, and are not tried again without --force: " + refused);
            return;
        }
        generation = new Generation(
                tree.hash(),
                parents,
                Optional.empty(),
                syncer.self(),
                syncer.world().seconds(),
                only(),
                wish.note());
        hash = syncer.store().put(generation.text());
        say("generation " + Hash.shown(hash) + ": " + tree.files().size() + " files, " + tree.bytes() + " bytes");
        if (wish.running() || sameFiles) {
            ask();
        } else {
            check();
        }
    }

    private List<String> only() {
        if (wish.only().isEmpty()) {
            return List.of();
        }
        TreeSet<String> names = new TreeSet<>(wish.only());
        names.add(syncer.self());
        return List.copyOf(names);
    }

    private List<String> parents() throws IOException {
        List<String> parents = new ArrayList<>();
        if (!syncer.memory().head().isEmpty()) {
            parents.add(syncer.memory().head());
        }
        if (wish.join()) {
            for (Remote remote : syncer.remotes()) {
                String runs = remote.runs();
                if (remote.is(NodeRole.PEER)
                        && syncer.lineage().get(runs).isPresent()
                        && OTHER_WAYS.contains(syncer.lineage()
                                .relate(runs, syncer.memory().head())
                                .relation())
                        && !parents.contains(runs)) {
                    parents.add(runs);
                }
            }
        }
        return parents;
    }

    private void check() {
        say("checking it here");
        syncer.check(
                tree,
                outcome -> step(() -> {
                    if (outcome.good()) {
                        syncer.memory().pardon(tree.hash());
                        ask();
                    } else {
                        refuse(syncer.self(), true, outcome.words());
                        end(false, "nothing was changed");
                    }
                }));
    }

    private void refuse(String node, boolean checked, String words) throws IOException {
        String how = checked ? "refuses it" : "cannot take it now";
        fates.put(node, how);
        say(node + " " + how + ":");
        words.lines().forEach(line -> say("  " + line));
        syncer.onRefused(
                tree.hash(),
                Hash.shown(hash) + " (" + generation.note() + ") pushed from here "
                        + (checked ? "is refused by " : "cannot be taken now by "),
                node + ": " + words);
        if (checked) {
            syncer.memory().refuse(tree.hash(), node + ": " + words);
        }
        syncer.memory().keep(hash);
    }

    private void ask() throws IOException, DamagedException {
        stage = Stage.ASKING;
        sinceNanos = syncer.now();
        for (Remote remote : syncer.remotes()) {
            if (!remote.is(NodeRole.PEER) || !generation.isFor(remote.name())) {
                continue;
            }
            if (remote.here()) {
                awaited.add(remote.name());
                syncer.world().send(remote.name(), PacketType.CONFIG_TRY, new ConfigTry(hash, wish.force()).encode());
            } else {
                spreading.sayAbsent(remote);
            }
        }
        if (!awaited.isEmpty()) {
            say("asking " + String.join(", ", awaited) + " to check it");
        }
        judge();
    }

    void onVerdict(String node, ConfigVerdict verdict) {
        if (stage == Stage.ASKING && verdict.generation().equals(hash) && awaited.contains(node)) {
            verdicts.put(node, new Outcome(verdict.good(), verdict.why()));
            if (verdict.checked()) {
                checked.add(node);
            }
            step(this::judge);
        }
    }

    private void judge() throws IOException, DamagedException {
        for (String node : List.copyOf(awaited)) {
            if (!syncer.remote(node).map(Remote::linked).orElse(false) && !verdicts.containsKey(node)) {
                say(node + " is not connected any more, and follows when it is");
                awaited.remove(node);
            }
        }
        if (!verdicts.keySet().containsAll(awaited)) {
            return;
        }
        boolean refused = false;
        for (String node : awaited) {
            Outcome verdict = verdicts.get(node);
            if (verdict.good()) {
                say(node + " would run it");
            } else {
                refuse(node, checked.contains(node), verdict.words());
                refused = true;
            }
        }
        if (refused && !wish.force()) {
            end(false, "nobody runs it, and everything stays as it is");
        } else {
            syncer.memory().pardon(tree.hash());
            tryHere();
        }
    }

    private void tryHere() throws IOException, DamagedException {
        stage = Stage.TRYING;
        Optional<FileTree> head = syncer.headTree();
        if (wish.running() || head.equals(Optional.of(tree)) && present.equals(tree)) {
            boolean read = wish.running();
            syncer.memory().accept(hash);
            accepted("", read);
            return;
        }
        say("trying it here");
        FileTree now = syncer.look();
        if (wish.generation().isEmpty() && !now.equals(tree)) {
            end(false, syncer.folder().path() + " was changed meanwhile: push again");
            return;
        }
        boolean running = syncer.world().schedulerRuns();
        syncer.trial()
                .run(
                        new Trial.What(hash, tree, head.orElse(now), head),
                        outcome -> step(() -> {
                            if (outcome.good()) {
                                accepted(outcome.words(), running);
                            } else {
                                refuse(syncer.self(), true, outcome.words());
                                end(
                                        false,
                                        "nobody else has run it; "
                                                + syncer.folder().path()
                                                + " holds the files of before again, and those that were"
                                                + " tried are kept as generation " + Hash.shown(hash));
                            }
                        }));
    }

    private void accepted(String how, boolean read) {
        fates.put(syncer.self(), "runs it");
        say(syncer.self() + " runs it" + (how.isEmpty() ? "" : ": " + how));
        stage = Stage.SPREADING;
        syncer.onAccepted(hash, how, read);
        spread();
    }

    private void spread() {
        stage = Stage.SPREADING;
        sinceNanos = syncer.now();
        fates.put(syncer.self(), "runs it");
        onChanged();
    }

    /** Something is known of another node that was not. */
    void onChanged() {
        if (stage == Stage.ASKING) {
            step(this::judge);
        } else if (spreading()) {
            step(this::watch);
        }
    }

    private void watch() throws IOException, DamagedException {
        String head = syncer.memory().head();
        if (!head.equals(hash)) {
            end(
                    false,
                    "this node runs generation " + Hash.shown(head) + " by now: "
                            + syncer.lineage().get(head).map(Generation::note).orElse(""));
            return;
        }
        Seen seen = spreading.look(generation, hash, syncer.now() - sinceNanos > HEARING_NANOS);
        boolean away = isCanaryAway();
        boolean failed = seen.failed() || away && stage == Stage.SOAKING;
        boolean pending = seen.pending() || away && stage == Stage.SPREADING;
        if (!failed && !pending) {
            onAllRun();
        } else if (failed && wish.soakNanos() > 0) {
            if (!syncer.follower().busy()) {
                goBack();
            }
        } else if (failed && !pending) {
            end(false, seen.sentence());
        }
    }

    private boolean isCanaryAway() {
        return wish.soakNanos() > 0
                && syncer.remotes().stream()
                        .anyMatch(remote ->
                                wish.only().contains(remote.name()) && !remote.is(NodeRole.MASTER) && !remote.here());
    }

    private void goBack() throws IOException, DamagedException {
        say("going back, since a node that was to try it first does not run it");
        Optional<Generation> parent = syncer.lineage().get(generation.parents().get(0));
        Optional<FileTree> files = parent.isPresent() ? syncer.tree(parent.get()) : Optional.empty();
        FileTree before = files.orElseThrow(() -> new DamagedException("what ran before is not kept here any more"));
        String back =
                syncer.store().put(generation.withdrawn(before.hash(), hash).text());
        stage = Stage.TRYING;
        boolean running = syncer.world().schedulerRuns();
        syncer.trial().run(new Trial.What(back, before, tree, Optional.of(tree)), outcome -> {
            if (outcome.good()) {
                syncer.onAccepted(back, "", running);
            }
            end(false, outcome.good() ? "the configuration before is in its place again" : outcome.words());
        });
    }

    private void onAllRun() {
        if (wish.soakNanos() == 0) {
            end(true, wish.only().isEmpty() ? "done" : "done; the other nodes wait for the next mon oconf push");
        } else if (stage == Stage.SPREADING) {
            stage = Stage.SOAKING;
            sinceNanos = syncer.now();
            say("watching them for " + wish.soakNanos() / 1_000_000_000L + " s");
        }
    }

    void onTick(long nowNanos) {
        long passed = nowNanos - sinceNanos;
        if (stage == Stage.ASKING && passed > ASKING_NANOS) {
            awaited.stream()
                    .filter(node -> !verdicts.containsKey(node))
                    .forEach(node -> verdicts.put(node, Outcome.bad("it has not answered for two minutes")));
            step(this::judge);
        } else if (stage == Stage.SPREADING && passed > SPREADING_NANOS) {
            step(() -> end(
                    false,
                    spreading
                            .giveUp(generation, hash, SPREADING_NANOS / 1_000_000_000L)
                            .sentence()));
        } else if (stage == Stage.SOAKING
                && passed > wish.soakNanos()
                && !syncer.follower().busy()) {
            onSoaked();
        } else if (spreading()) {
            step(this::watch);
        }
    }

    private void onSoaked() {
        say("all others now");
        wish = new PushWish(Optional.of(hash), wish.force(), false, List.of(), 0, false, wish.note());
        stage = Stage.CHECKING;
        verdicts.clear();
        checked.clear();
        awaited.clear();
        begin();
    }

    /** Whether nothing has been changed by it yet. */
    boolean mayYield() {
        return stage == Stage.CHECKING || stage == Stage.ASKING;
    }

    /** Of two that push at the same time the first by name goes on. */
    void yieldTo(String node) {
        end(false, node + " pushes at the same moment and goes first: push again when that is over");
    }

    /** Another push begins. */
    void overtake() {
        end(false, "another push has begun");
    }

    private void say(String line) {
        lines.add(line);
    }

    private void end(boolean well, String line) {
        if (stage == Stage.ENDED) {
            return;
        }
        if (!line.isEmpty()) {
            say(line);
        }
        good = well;
        stage = Stage.ENDED;
        syncer.onPushEnded(this);
    }
}
