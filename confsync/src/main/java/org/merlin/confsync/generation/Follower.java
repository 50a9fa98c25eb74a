package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.merlin.confsync.generation.Lineage.Relation;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.control.ConfigPiece;
import org.merlin.protocol.node.NodeRole;

/**
 * Takes over what others offer, if it follows what this node runs: fetches it, has it checked beside the running one, and tries it.
 * What does not do is refused, remembered and told. Confined to one thread.
 */
final class Follower {
    private static final int MAX_CHECKED = 100;

    private final Syncer syncer;
    private final WorkingFolder.Limits limits;
    private final Gathering gathering;
    private final Map<String, Settled> settled = new HashMap<>();
    private final Map<String, SyncEvent> said = new HashMap<>();
    private final Set<String> checked = new HashSet<>();
    private final Deque<Job> asked = new ArrayDeque<>();
    private Optional<Job> job = Optional.empty();
    private String doing = "";
    private Map.Entry<String, String> refusal = Map.entry("", "");

    /** What is done with a generation that is not run. */
    enum Settled {
        HELD,
        REFUSED,
        BEHIND,
        APART,
        EDITED,
        LOST
    }

    /**
     * What is being done.
     *
     * @param onlyCheck whether it is checked for a node that pushes, and not run
     * @param again whether a refusal before does not count
     */
    private record Job(String hash, String from, boolean onlyCheck, boolean again) {}

    Follower(Syncer syncer, WorkingFolder.Limits limits) {
        this.syncer = syncer;
        this.limits = limits;
        this.gathering = new Gathering(syncer.store(), syncer.world(), this::givers);
    }

    private List<String> givers() {
        return syncer.remotes().stream()
                .filter(remote -> remote.here() && !remote.is(NodeRole.POLLER))
                .map(Remote::name)
                .toList();
    }

    Gathering gathering() {
        return gathering;
    }

    boolean busy() {
        return job.isPresent();
    }

    /** For people; empty if nothing is done. */
    String doing() {
        return doing;
    }

    /** Tree of what was refused last and the reason; empty texts if what this node runs is newer. */
    Map.Entry<String, String> refusal() {
        return refusal;
    }

    /** What has become of a generation that a node offers; empty if it is run or was not looked at yet. */
    Optional<Settled> settled(String hash) {
        return Optional.ofNullable(settled.get(hash));
    }

    // --- what happens ------------------------------------------------------------------------------------------------

    void onTry(String from, String hash, boolean again) throws IOException, DamagedException {
        asked.removeIf(waiting -> waiting.from().equals(from)); // one of a peer: it has gone on to another
        asked.add(new Job(hash, from, true, again));
        consider();
    }

    void onPiece(String from, ConfigPiece piece) throws IOException, DamagedException {
        gathering.onPiece(from, piece, syncer.now());
    }

    void onTick(long nowNanos) throws IOException, DamagedException {
        gathering.onTick(nowNanos);
        consider();
    }

    void onLink(String node) throws IOException, DamagedException {
        settled.values().removeIf(Settled.LOST::equals);
        gathering.onLink(node, syncer.now());
        consider();
    }

    /** What kept a generation out may be over. */
    void lookAgain() {
        settled.values().removeIf(why -> why == Settled.EDITED || why == Settled.LOST);
    }

    void onHeadChanged() {
        said.clear();
        settled.clear();
        refusal = Map.entry("", "");
    }

    /** Masters may offer others than they did: of two parts of one generation the one that is offered counts. */
    void onOffers() {
        if (syncer.hasMasters()) {
            settled.values().removeIf(Settled.BEHIND::equals);
        }
    }

    /** Does a step of a job; what fails in it ends the job and nothing else. */
    private void doing(Job one, Syncer.Step step) {
        try {
            step.run();
        } catch (IOException | DamagedException | RuntimeException e) {
            String words = e.getMessage() == null ? e.toString() : e.getMessage();
            syncer.world().say(SyncEvent.TROUBLE, words);
            if (isOn(one)) {
                settle(one, Settled.LOST, words);
            }
        }
    }

    /** Forgets what was decided about others' generations. */
    void reconsider() throws IOException, DamagedException {
        settled.clear();
        consider();
    }

    // --- one after another -------------------------------------------------------------------------------------------

    /** Begins with what is to be done next, if nothing is being done. */
    void consider() throws IOException, DamagedException {
        while (!syncer.busy()) {
            Optional<Job> next = next();
            if (next.isEmpty()) {
                return;
            }
            job = next;
            doing(next.get(), () -> begin(next.get()));
        }
    }

    private Optional<Job> next() {
        if (!asked.isEmpty()) {
            return Optional.of(asked.remove());
        }
        String head = syncer.memory().head();
        for (Remote remote : syncer.remotes()) {
            String offers = remote.told().map(ConfigHead::offers).orElse("");
            if (remote.here()
                    && !remote.is(NodeRole.POLLER)
                    && !offers.isEmpty()
                    && (!offers.equals(head) || syncer.lacking())
                    && !settled.containsKey(offers)) {
                return Optional.of(new Job(offers, remote.name(), false, false));
            }
        }
        return Optional.empty();
    }

    private boolean isOn(Job one) {
        return job.equals(Optional.of(one));
    }

    private void end() {
        job = Optional.empty();
        gathering.stop();
        doing("");
    }

    private void doing(String now) {
        if (!doing.equals(now)) {
            doing = now;
            syncer.tellAll();
        }
    }

    private void settle(Job one, Settled as, String why) {
        if (one.onlyCheck()) {
            syncer.verdict(one.from(), one.hash(), as == Settled.REFUSED, Outcome.bad(why));
        } else {
            settled.put(one.hash(), as);
        }
        end();
    }

    private void begin(Job one) throws IOException, DamagedException {
        gathering.begin(
                one.from(),
                () -> needed(relate(one).missing(), Generation.MAX_BYTES),
                () -> doing(one, () -> onRelated(one)),
                why -> settle(one, Settled.LOST, why),
                syncer.now());
    }

    private Lineage.Answer relate(Job one) throws IOException {
        return syncer.lineage().relate(one.hash(), syncer.memory().head());
    }

    private static Map<String, Long> needed(List<String> hashes, long maxBytes) {
        Map<String, Long> needed = new HashMap<>();
        hashes.forEach(hash -> needed.put(hash, maxBytes));
        return needed;
    }

    private void onRelated(Job one) throws IOException, DamagedException {
        Relation relation = relate(one).relation();
        Optional<Generation> generation = syncer.lineage().get(one.hash());
        if (relation == Relation.SAME && !one.onlyCheck() && syncer.lacking() && generation.isPresent()) {
            contents(one, generation.get());
        } else if (relation == Relation.SAME) {
            syncer.verdict(one.from(), one.hash(), true, Outcome.good("runs it"));
            end();
        } else if (relation == Relation.BEHIND && !isCorrected(generation)) {
            settle(one, Settled.BEHIND, "what it runs follows that");
        } else if (relation != Relation.AHEAD && relation != Relation.BEHIND || generation.isEmpty()) {
            say(
                    SyncEvent.APART,
                    one,
                    one.from() + " has " + Hash.shown(one.hash()) + ", this node "
                            + Hash.shown(syncer.memory().head())
                            + ", and neither follows the other: mon oconf status shows both, mon oconf resolve chooses");
            settle(
                    one,
                    Settled.APART,
                    "it has a change of its own: mon oconf status, and mon oconf resolve there or here");
        } else if (!generation.get().isFor(syncer.self())) {
            settle(one, Settled.HELD, "it is not for this node");
        } else {
            contents(one, generation.get());
        }
    }

    /** Another part of the generation whose part we run, which no master offers any more: our hostgroups have changed. */
    private boolean isCorrected(Optional<Generation> offered) throws IOException {
        String head = syncer.memory().head();
        Optional<Generation> runs = syncer.lineage().get(head);
        return offered.isPresent()
                && runs.isPresent()
                && offered.get().isPart()
                && offered.get().source().equals(runs.get().source())
                && syncer.remotes().stream()
                        .noneMatch(remote -> remote.here()
                                && remote.is(NodeRole.MASTER)
                                && remote.told().orElseThrow().offers().equals(head));
    }

    private void contents(Job one, Generation generation) throws IOException, DamagedException {
        String before = syncer.memory().refused().get(generation.tree());
        if (before != null && !one.again()) {
            settle(one, Settled.REFUSED, "refused before: " + before);
            if (!one.onlyCheck() && syncer.memory().failed().contains(one.hash())) {
                withdraw(one.hash(), generation); // a kill may have come before that
            }
            refusal = Map.entry(generation.tree(), before);
            return;
        }
        doing("fetching " + Hash.shown(one.hash()));
        gathering.begin(
                one.from(),
                () -> missing(generation),
                () -> doing(one, () -> onHere(one, generation)),
                why -> settle(one, Settled.LOST, why),
                syncer.now());
    }

    /** What is not here yet of a generation: what it was cut out of, its list of files, its files. */
    Map<String, Long> missing(Generation generation) throws IOException, DamagedException {
        Map<String, Long> missing = new HashMap<>();
        if (generation.source().isPresent()
                && syncer.lineage().get(generation.source().get()).isEmpty()) {
            missing.put(generation.source().get(), (long) Generation.MAX_BYTES);
        }
        Optional<String> text = syncer.store().text(generation.tree());
        if (text.isEmpty()) {
            missing.put(generation.tree(), (long) limits.maxFiles() * (FilePaths.MAX_BYTES + 90));
            return missing;
        }
        FileTree.read(text.get(), limits.maxFiles(), limits.maxBytes())
                .only(syncer.folder()::takes)
                .files()
                .values()
                .stream()
                .filter(file -> !syncer.store().has(file.hash()))
                .forEach(file -> missing.put(file.hash(), file.bytes()));
        return missing;
    }

    private void onHere(Job one, Generation generation) throws IOException, DamagedException {
        FileTree tree = syncer.tree(generation).orElseThrow(() -> new DamagedException("a list of files is gone"));
        if (checked.contains(generation.tree())) {
            onChecked(one, generation, tree, Outcome.good(""));
            return;
        }
        doing("checking " + Hash.shown(one.hash()));
        syncer.check(tree, outcome -> {
            if (isOn(one)) {
                doing(one, () -> onChecked(one, generation, tree, outcome));
            }
        });
    }

    private void onChecked(Job one, Generation generation, FileTree tree, Outcome outcome)
            throws IOException, DamagedException {
        if (!outcome.good()) {
            syncer.memory().refuse(generation.tree(), outcome.words());
            syncer.memory().keep(one.hash());
            refusal = Map.entry(generation.tree(), outcome.words());
            syncer.world()
                    .say(SyncEvent.REFUSED, Hash.shown(one.hash()) + " from " + one.from() + ": " + outcome.words());
            settle(one, Settled.REFUSED, outcome.words());
            syncer.tellAll();
            return;
        }
        if (checked.size() >= MAX_CHECKED) {
            checked.clear();
        }
        checked.add(generation.tree());
        syncer.memory().pardon(generation.tree());
        if (one.onlyCheck()) {
            syncer.verdict(one.from(), one.hash(), true, outcome);
            end();
        } else {
            put(one, generation, tree);
        }
    }

    private void put(Job one, Generation generation, FileTree tree) throws IOException, DamagedException {
        FileTree present = syncer.look();
        Optional<FileTree> head = syncer.headTree();
        if (syncer.edited() && !present.equals(tree)) {
            if (!generation.isPart()) {
                say(
                        SyncEvent.EDITED,
                        one,
                        Hash.shown(one.hash()) + " from " + one.from() + " is not taken, since "
                                + syncer.folder().path()
                                + " holds changes that were not pushed: copy them aside, or have mon oconf fetch --force put"
                                + " them into the history; merge them into what comes then, and push");
                settle(one, Settled.EDITED, "its folder holds changes that were not pushed");
                return;
            }
        }
        if (head.equals(Optional.of(tree)) && present.equals(tree) && !syncer.lacking()) {
            syncer.memory().accept(one.hash());
            end();
            syncer.onAccepted(one.hash(), "the same files as before", false);
            return;
        }
        doing("trying " + Hash.shown(one.hash()));
        boolean running = syncer.world().schedulerRuns();
        Trial.What what = new Trial.What(one.hash(), tree, head.orElse(present), head);
        syncer.trial().run(what, outcome -> doing(one, () -> onTried(one, generation, outcome, running)));
    }

    /** Says once what is found again each time one looks. */
    private void say(SyncEvent event, Job about, String what) {
        if (said.put(about.hash(), event) != event) {
            syncer.world().say(event, what);
        }
    }

    private void onTried(Job one, Generation generation, Outcome outcome, boolean read)
            throws IOException, DamagedException {
        if (outcome.good()) {
            end();
            syncer.onAccepted(one.hash(), outcome.words(), read);
            return;
        }
        syncer.world()
                .say(
                        SyncEvent.REFUSED,
                        Hash.shown(one.hash()) + " from " + one.from() + " did not do, the one before is back: "
                                + outcome.words());
        settle(one, Settled.REFUSED, outcome.words());
        if (!syncer.trial().stuck()) {
            withdraw(one.hash(), generation);
        }
        refusal = Map.entry(generation.tree(), outcome.words());
        syncer.tellAll();
    }

    /** What a peer could not run nobody keeps: the way back follows it, and is the same whoever makes it. */
    private void withdraw(String hash, Generation generation) throws IOException, DamagedException {
        String head = syncer.memory().head();
        if (generation.isPart() || !generation.parents().contains(head)) {
            return;
        }
        String back = syncer.lineage()
                .get(head)
                .orElseThrow(() -> new DamagedException("generation " + head + " is gone"))
                .tree();
        String withdrawn = syncer.store().put(generation.withdrawn(back, hash).text());
        syncer.memory().accept(withdrawn);
        syncer.onAccepted(withdrawn, "", true);
    }

    /** Names of nodes that run something that neither follows what we run nor goes before it. */
    List<String> apart() {
        List<String> names = new ArrayList<>();
        for (Remote remote : syncer.remotes()) {
            if (remote.told().isPresent() && settled.get(remote.told().get().offers()) == Settled.APART) {
                names.add(remote.name());
            }
        }
        return names;
    }
}
