package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts a generation in the place of what runs, and the one before back if the scheduler does not return healthy. What is about to be
 * done is written down first, so that a kill at any moment leaves a whole configuration. Confined to one thread.
 */
final class Trial {
    private final String self;
    private final ObjectStore store;
    private final WorkingFolders folder;
    private final SyncMemory memory;
    private final World world;

    private boolean stuck;

    Trial(String self, ObjectStore store, WorkingFolders folder, SyncMemory memory, World world) {
        this.self = self;
        this.store = store;
        this.folder = folder;
        this.memory = memory;
        this.world = world;
    }

    /**
     * What is tried.
     *
     * @param hash of the generation
     * @param tree its files, all of them in the store
     * @param before what is put back if it does not do, all in the store too
     * @param head files of the generation that runs; what is neither these nor the new ones, or those of before, somebody has edited
     */
    record What(String hash, FileTree tree, FileTree before, Optional<FileTree> head) {}

    /** Whether the last one could not be taken back: what is in the folder is not known. */
    boolean stuck() {
        return stuck;
    }

    /**
     * Tries.
     *
     * @param answer good if the generation is run from now on; else the one before is in its place again
     */
    void run(What what, Consumer<Outcome> answer) throws IOException, DamagedException {
        stuck = false;
        boolean running = world.schedulerRuns();
        memory.beginTrial(what.hash(), store.put(what.before().text()));
        try {
            put(what.tree(), what.head().orElse(what.tree()));
        } catch (IOException | DamagedException e) {
            memory.endTrial(); // nothing has changed: all is replaced or nothing
            throw e;
        }
        if (!running) {
            memory.accept(what.hash());
            answer.accept(Outcome.good("its scheduler does not run, and will read it when it starts"));
            return;
        }
        world.reload(outcome -> onReloaded(what, outcome, answer));
    }

    /** Puts files into the folder; what somebody has edited there is kept. */
    private void put(FileTree wanted, FileTree known) throws IOException, DamagedException {
        FileTree present = folder.snapshot(store, wanted);
        FileTree edits = folder.snapshot(store, known);
        if (!present.equals(wanted) && !edits.equals(known) && !edits.isEmpty()) {
            keepEdits(edits);
        }
        if (!present.equals(wanted) || folder.lacks(wanted)) {
            folder.replace(wanted, known, store);
        }
    }

    /** What somebody changed in the folder is kept as a generation that can be looked at, and run again. */
    void keepEdits(FileTree present) throws IOException {
        String tree = store.put(present.text());
        Generation edits = new Generation(
                tree,
                List.of(),
                Optional.empty(),
                self,
                world.seconds(),
                List.of(),
                "was in " + folder.path() + ", and was put aside");
        memory.keep(store.put(edits.text()));
    }

    private void onReloaded(What what, Outcome outcome, Consumer<Outcome> answer) {
        try {
            if (outcome.good()) {
                memory.accept(what.hash());
                answer.accept(outcome);
                return;
            }
            put(what.before(), what.tree());
        } catch (IOException | DamagedException e) {
            stuck = !outcome.good();
            world.say(SyncEvent.TROUBLE, "after generation " + Hash.shown(what.hash()) + ": " + e.getMessage());
        }
        world.reload(back ->
                onBack(what, outcome, back, answer)); // also where that failed: whoever is gone is started again
    }

    private void onBack(What what, Outcome outcome, Outcome back, Consumer<Outcome> answer) {
        try {
            memory.failTrial(
                    what.tree().hash(), outcome.words()); // only now: who is killed before has to see to the scheduler
        } catch (IOException e) {
            world.say(SyncEvent.TROUBLE, e.toString());
        }
        answer.accept(
                back.good()
                        ? Outcome.bad(outcome.words())
                        : Outcome.bad(outcome.words() + "; with the configuration before: " + back.words()));
    }

    /**
     * Ends a trial in which the daemon was killed: what was before is in the folder afterwards, and the scheduler has read it. What else
     * the folder held is kept. A kill meanwhile leaves the trial to be ended again.
     *
     * @param before what is put back; empty leaves the folder as it is
     * @param tried files of the generation that was on trial
     * @param ended called when it is over
     */
    void end(Optional<FileTree> before, Optional<FileTree> tried, Runnable ended) {
        String hash = memory.trial();
        try {
            if (before.isPresent()) {
                put(before.get(), tried.orElse(before.get()));
            }
            memory.keep(hash);
        } catch (IOException | DamagedException e) {
            over(hash, Outcome.bad(e.getMessage()), ended);
            return;
        }
        world.reload(
                outcome -> over(hash, outcome, ended)); // also where no scheduler runs: the trial may have ended it
    }

    private void over(String hash, Outcome outcome, Runnable ended) {
        try {
            int times = memory.interruptTrial();
            world.say(
                    SyncEvent.TROUBLE,
                    "the daemon ended while it tried generation " + Hash.shown(hash) + " (" + times
                            + " times by now); the one before is in its place again"
                            + (outcome.good() ? "" : ", but " + outcome.words()));
        } catch (IOException e) {
            world.say(SyncEvent.TROUBLE, e.toString());
        }
        ended.run();
    }
}
