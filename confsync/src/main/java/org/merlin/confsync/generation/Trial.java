package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Puts a generation in the place of what runs, and the one before back if the scheduler does not return healthy. What is about to be
 * done is written down first, so that a kill at any moment leaves a whole configuration. Confined to one thread.
 */
final class Trial {
    private final ObjectStore store;
    private final WorkingFolder folder;
    private final SyncMemory memory;
    private final World world;

    Trial(ObjectStore store, WorkingFolder folder, SyncMemory memory, World world) {
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
     * @param present what the folder holds now
     */
    record What(String hash, FileTree tree, FileTree before, FileTree present) {}

    /**
     * Tries.
     *
     * @param answer good if the generation is run from now on; else the one before is in its place again
     */
    void run(What what, Consumer<Outcome> answer) throws IOException, DamagedException {
        boolean running = world.schedulerRuns();
        memory.beginTrial(what.hash());
        if (!what.present().equals(what.tree())) {
            folder.replace(what.tree(), store);
        }
        if (!running) {
            memory.accept(what.hash());
            answer.accept(Outcome.good("its scheduler does not run, and will read it when it starts"));
            return;
        }
        world.reload(outcome -> {
            try {
                onReloaded(what, outcome, answer);
            } catch (IOException | DamagedException e) {
                answer.accept(Outcome.bad(outcome.words() + "; going back failed: " + e.getMessage()));
            }
        });
    }

    private void onReloaded(What what, Outcome outcome, Consumer<Outcome> answer) throws IOException, DamagedException {
        if (outcome.good()) {
            memory.accept(what.hash());
            answer.accept(outcome);
            return;
        }
        folder.replace(what.before(), store);
        memory.refuse(what.tree().hash(), outcome.words());
        memory.keep(what.hash());
        world.reload(back -> {
            try {
                memory.endTrial(); // only now: who is killed before has to see to the scheduler
            } catch (IOException e) {
                world.say(SyncEvent.TROUBLE, e.toString());
            }
            answer.accept(
                    back.good()
                            ? outcome
                            : Outcome.bad(outcome.words() + "; with the configuration before: " + back.words()));
        });
    }

    /**
     * Ends a trial in which the daemon was killed: what ran before is in the folder afterwards, and the scheduler has read it. What the
     * folder held is kept. A kill meanwhile leaves the trial to be ended again.
     *
     * @param before tree of the generation before
     * @param ended called when it is over
     */
    void end(FileTree before, Runnable ended) throws IOException, DamagedException {
        FileTree present = folder.snapshot(store).tree();
        String hash = memory.trial();
        if (!present.equals(before)) {
            folder.replace(before, store);
        }
        memory.keep(hash);
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
