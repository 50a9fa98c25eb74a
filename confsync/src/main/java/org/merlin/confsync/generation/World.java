package org.merlin.confsync.generation;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What the sync asks of the world. Called on the sync's thread, and answers there, later. */
public interface World {
    /** Sends a control packet to a node; it is lost if there is no link. */
    void send(String node, int code, ByteBuffer body);

    /** Lets the scheduler's own check try a configuration beside the running one. */
    void check(FileTree tree, Consumer<Outcome> answer);

    /** Whether a scheduler runs with our module in it. */
    boolean schedulerRuns();

    /** Whether the files that it has read are those that are there now, as far as can be told. */
    boolean schedulerHasReadAll();

    /** Makes the scheduler read its configuration; good when it is back, healthy and with our module, within the bound. */
    void reload(Consumer<Outcome> answer);

    /**
     * Cuts pollers' parts out of what the scheduler has loaded.
     *
     * @param selections hostgroups of each part
     * @param part takes each part's hostgroups and bytes; none where it would have no host
     * @param answer good when all have been taken
     */
    void split(List<List<String>> selections, BiConsumer<List<String>, byte[]> part, Consumer<Outcome> answer);

    /** The same out of files that the scheduler has not loaded, and whose check they have just passed. */
    void preview(
            FileTree tree,
            List<List<String>> selections,
            BiConsumer<List<String>, byte[]> part,
            Consumer<Outcome> answer);

    /** Seconds since 1970, for people to read. */
    long seconds();

    /** Tells the log. */
    void say(SyncEvent event, String what);
}
