package org.merlin.confsync.generation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that this node sends and takes: the folder of object files, and the files and folders of {@code sync} beside it, read as one tree
 * and replaced together. What a tree holds under a NAME is written where this node's own merlin.conf says; a NAME that it does not say
 * is neither written nor missed. Confined to one thread.
 */
public final class WorkingFolders {
    private final WorkingFolder objects;
    private final SortedMap<String, Extra> extras = new TreeMap<>();
    private final WorkingFolder.Limits limits;
    private boolean follows;
    private List<String> skipped = List.of();

    private record Extra(WorkingFolder folder, boolean toPollers) {}

    /**
     * Puts it together.
     *
     * @param limits of all together
     */
    public WorkingFolders(WorkingFolder objects, WorkingFolder.Limits limits) {
        this.objects = objects;
        this.limits = limits;
    }

    /** A path of {@code sync}; before the first use. */
    public void add(String name, WorkingFolder folder, boolean toPollers) {
        extras.put(name, new Extra(folder, toPollers));
    }

    /** Whether others say which NAME goes to pollers, too, and which does not. */
    void follow(boolean others) {
        follows = others;
    }

    /** The folder of object files. */
    public WorkingFolder objects() {
        return objects;
    }

    /** Files that the scheduler may read and that are not sent, each with the reason; as of the last snapshot. */
    List<String> skipped() {
        return skipped;
    }

    /** Where the object files are. */
    public Path path() {
        return objects.path();
    }

    void recover() throws IOException {
        objects.recover();
        for (Extra extra : extras.values()) {
            extra.folder().recover();
        }
    }

    /** Object files of a tree: what the scheduler reads. */
    static FileTree objects(FileTree tree) {
        return tree.only(path -> !SyncName.isOf(path));
    }

    /** Whether a file is under a NAME that a tree, of an earlier time say, does not have: it is not meant when that is chosen. */
    static boolean isNewIn(FileTree tree, String path) {
        Optional<String> name = SyncName.in(path);
        return name.isPresent() && tree.files().keySet().stream().noneMatch(known -> isUnder(name.get(), known));
    }

    /** Whether this node has a place for a file. */
    boolean takes(String path) {
        return SyncName.in(path).map(extras::containsKey).orElse(true);
    }

    /** Whether a tree holds something that this node has a place for, and has never had there. */
    boolean lacks(FileTree tree) {
        return extras.entrySet().stream()
                .filter(extra -> !extra.getValue().folder().isThere())
                .anyMatch(extra -> !under(extra.getKey(), tree).isEmpty());
    }

    /** Names in a tree that this node's merlin.conf does not have. */
    SortedSet<String> unknown(FileTree tree) {
        SortedSet<String> names = new TreeSet<>();
        tree.files().keySet().stream()
                .filter(path -> !takes(path))
                .forEach(path -> names.add(SyncName.in(path).orElseThrow()));
        return names;
    }

    /**
     * Reads all of it and keeps the contents of its files.
     *
     * @param known the tree that this node runs, or is to run. What this node has no place for is taken from it, and what has never been
     *     written here
     * @throws DamagedException if it holds more than is allowed
     */
    FileTree snapshot(ObjectStore store, FileTree known) throws IOException, DamagedException {
        WorkingFolder.Snapshot seen = objects.snapshot(store);
        skipped = seen.skipped();
        SortedMap<String, FileTree.File> files = new TreeMap<>(seen.tree().files());
        for (Map.Entry<String, Extra> extra : extras.entrySet()) {
            FileTree found = extra.getValue().folder().snapshot(store).tree();
            Optional<Boolean> told = toPollers(known, extra.getKey());
            if (!extra.getValue().folder().isThere()) {
                files.putAll(known.only(path -> isUnder(extra.getKey(), path)).files());
            } else if (!follows || told.isPresent()) {
                boolean toPollers = follows ? told.get() : extra.getValue().toPollers();
                String top = SyncName.of(extra.getKey(), toPollers);
                found.files().forEach((path, file) -> files.put(path.isEmpty() ? top : top + '/' + path, file));
            }
        }
        files.putAll(known.only(path -> !takes(path)).files());
        FileTree tree = new FileTree(files);
        Optional<String> tooMuch =
                limits.objection(objects.path() + " and the paths of sync hold", files.size(), tree.bytes());
        if (tooMuch.isPresent()) {
            throw new DamagedException(tooMuch.get());
        }
        return tree;
    }

    private static boolean isUnder(String name, String path) {
        return SyncName.in(path).equals(Optional.of(name));
    }

    private static Optional<Boolean> toPollers(FileTree known, String name) {
        return known.files().keySet().stream()
                .filter(path -> isUnder(name, path))
                .findFirst()
                .map(SyncName::toPollers);
    }

    /**
     * Puts a tree in the place of what is there, all of it or nothing.
     *
     * @param before tree that was run: a NAME that neither has is left as it is
     * @throws DamagedException if the store lacks one of its files; then nothing has changed
     */
    void replace(FileTree tree, FileTree before, ObjectStore store) throws IOException, DamagedException {
        SortedMap<String, FileTree> wanted = new TreeMap<>();
        extras.keySet().stream()
                .filter(name ->
                        !under(name, tree).isEmpty() || !under(name, before).isEmpty())
                .forEach(name -> wanted.put(name, under(name, tree)));
        List<WorkingFolder> prepared = new ArrayList<>();
        objects.prepare(objects(tree), store);
        prepared.add(objects);
        for (Map.Entry<String, FileTree> one : wanted.entrySet()) {
            WorkingFolder folder = extras.get(one.getKey()).folder();
            if (!folder.snapshot(store).tree().equals(one.getValue())) {
                folder.prepare(one.getValue(), store);
                prepared.add(folder);
            }
        }
        exchange(prepared);
        for (WorkingFolder folder : prepared) {
            folder.clean();
        }
    }

    private static FileTree under(String name, FileTree tree) {
        SortedMap<String, FileTree.File> files = new TreeMap<>();
        tree.files().forEach((path, file) -> {
            if (isUnder(name, path)) {
                files.put(SyncName.inner(path), file);
            }
        });
        return new FileTree(files);
    }

    private static void exchange(List<WorkingFolder> prepared) throws IOException {
        List<WorkingFolder> done = new ArrayList<>();
        try {
            for (WorkingFolder folder : prepared) {
                folder.exchange();
                done.add(folder);
            }
        } catch (IOException e) {
            for (WorkingFolder folder : done) {
                folder.exchange();
            }
            throw e;
        }
    }
}
