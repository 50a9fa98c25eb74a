package org.merlin.confsync.generation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parts of a master's generation that its pollers get. Confined to one thread. */
final class Parts {
    /** What a part's one file is called. */
    static final String FILE = "from-master.cfg";

    private final ObjectStore store;
    private final World world;
    private final Map<List<String>, String> parts = new HashMap<>();
    private final Map<List<String>, Set<String>> objects = new HashMap<>();
    private Set<List<String>> empty = Set.of();
    private String madeOf = "";
    private long making;

    Parts(ObjectStore store, World world) {
        this.store = store;
        this.world = world;
    }

    /** Hash of the part for these hostgroups; empty while there is none. */
    String of(List<String> hostgroups) {
        return parts.getOrDefault(hostgroups, "");
    }

    /** Whether a node with these hostgroups may have this object. */
    boolean gives(List<String> hostgroups, String object) {
        return objects.getOrDefault(hostgroups, Set.of()).contains(object);
    }

    /** Whether the part for these hostgroups would have no host, so that none is made: a group is misspelt, most often. */
    boolean isEmpty(List<String> hostgroups) {
        return empty.contains(hostgroups);
    }

    /** All objects that make parts. */
    Set<String> objects() {
        Set<String> all = new HashSet<>();
        objects.values().forEach(all::addAll);
        return all;
    }

    /** What the parts are cut out of; empty if there are none. */
    String madeOf() {
        return madeOf;
    }

    /**
     * Makes all parts anew, of what the scheduler has loaded.
     *
     * @param head hash of the generation that it has loaded
     * @param extras files that go to all pollers
     * @param ready called when they are made
     */
    void make(String head, Generation generation, FileTree extras, List<List<String>> selections, Runnable ready) {
        long turn = ++making;
        String source = generation.source().orElse(head);
        Map<List<String>, String> made = new HashMap<>();
        Map<List<String>, Set<String>> madeObjects = new HashMap<>();
        Set<List<String>> without = new HashSet<>();
        world.split(
                selections,
                (hostgroups, bytes) -> {
                    if (bytes.length == 0) {
                        without.add(hostgroups);
                        return;
                    }
                    try {
                        String file = store.put(new ByteArrayInputStream(bytes));
                        FileTree tree = FileTree.of(FILE, file, bytes.length).with(extras);
                        String part = store.put(Generation.part(store.put(tree.text()), source, generation)
                                .text());
                        made.put(hostgroups, part);
                        Set<String> all = new HashSet<>(Set.of(tree.hash(), part));
                        tree.files().values().forEach(each -> all.add(each.hash()));
                        madeObjects.put(hostgroups, all);
                    } catch (IOException e) {
                        world.say(
                                SyncEvent.TROUBLE,
                                "the part of " + String.join(",", hostgroups) + ": " + e.getMessage());
                    }
                },
                outcome -> {
                    if (turn != making) {
                        return; // a newer one is being made
                    }
                    if (!outcome.good()) {
                        world.say(SyncEvent.TROUBLE, "pollers' parts cannot be made: " + outcome.words());
                        return;
                    }
                    parts.keySet().retainAll(without); // what it had stays: a poller is never emptied by a wrong word
                    parts.putAll(made);
                    objects.keySet().retainAll(without);
                    objects.putAll(madeObjects);
                    empty = Set.copyOf(without);
                    madeOf = head;
                    ready.run();
                });
    }
}
