package org.merlin.confsync.generation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder that people edit, like {@code oconf_dir}, which the scheduler reads. It is read as a tree, and replaced as a whole: a new
 * folder is written beside it and takes its place in one step. Links are neither followed nor sent. A path of {@code sync} may be a
 * single file; then the tree's one path is empty. Confined to one thread.
 */
public final class WorkingFolder {
    private static final Set<PosixFilePermission> EXECUTE = EnumSet.of(
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
    private static final Map<PosixFilePermission, PosixFilePermission> READ_TO_EXECUTE = Map.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

    private final Path folder;
    private final Path next;
    private final Path former;
    private final Exchange exchange;
    private final Limits limits;
    private final Holds holds;
    private Map<String, Seen> seen = Map.of();

    /** Puts a folder in another's place. */
    @FunctionalInterface
    public interface Exchange {
        /**
         * Exchanges two folders in one step.
         *
         * @return false if this system cannot; then nothing has happened
         */
        boolean exchange(Path one, Path other) throws IOException;
    }

    /**
     * What a folder may hold.
     *
     * @param maxFiles how many files
     * @param maxBytes of all of them
     */
    public record Limits(int maxFiles, long maxBytes) {
        /** What is ten times too much is not counted to its end. */
        private static final int COUNTED = 10;

        private boolean arePassed(long files, long bytes) {
            return files > maxFiles || bytes > maxBytes;
        }

        private boolean endCounting(long files, long bytes) {
            return files / COUNTED >= maxFiles || bytes / COUNTED >= maxBytes;
        }

        /**
         * Which bound is passed, and by how much; empty if none is.
         *
         * @param what that holds so many, with its verb
         */
        Optional<String> objection(String what, long files, long bytes) {
            if (!arePassed(files, bytes)) {
                return Optional.empty();
            }
            List<String> passed = new ArrayList<>();
            if (files > maxFiles) {
                passed.add(files + " files" + orMore(files, maxFiles) + ", where oconf_max_files allows " + maxFiles);
            }
            if (bytes > maxBytes) {
                passed.add(bytes + " bytes" + orMore(bytes, maxBytes) + ", where oconf_max_size allows " + maxBytes);
            }
            return Optional.of(what + " " + String.join(", and ", passed) + ": raise "
                    + (passed.size() > 1 ? "both" : "it") + " on all nodes, or take some away");
        }

        private static String orMore(long number, long bound) {
            return number / COUNTED >= bound ? " or more" : "";
        }
    }

    /** What is in it. */
    public enum Holds {
        /** Object files: never programs; no name at the top begins as {@link SyncName} does. */
        OBJECTS,
        /** Whatever goes with them, programs among it. */
        EXTRAS
    }

    /**
     * What was found in the folder.
     *
     * @param skipped files that are not sent, each with the reason
     */
    public record Snapshot(FileTree tree, List<String> skipped) {}

    private record Seen(FileTime modified, long bytes, Object key, String hash) {}

    public WorkingFolder(Path folder, Exchange exchange, Limits limits, Holds holds) {
        this.holds = holds;
        this.folder = real(folder);
        this.exchange = exchange;
        this.limits = limits;
        String name = "." + this.folder.getFileName();
        next = this.folder.resolveSibling(name + ".next");
        former = this.folder.resolveSibling(name + ".former");
    }

    /** A folder that is a link is written where it leads. */
    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }

    public Path path() {
        return folder;
    }

    boolean isThere() {
        return Files.exists(folder);
    }

    /** Puts things right after a kill between two steps; at start. */
    public void recover() throws IOException {
        if (!Files.exists(folder) && Files.exists(former)) {
            Files.move(former, folder);
        }
        delete(former);
        delete(next);
    }

    /**
     * Reads the folder and keeps the contents of its files; an absent folder is empty.
     *
     * @throws DamagedException if it holds more than is allowed
     */
    public Snapshot snapshot(ObjectStore store) throws IOException, DamagedException {
        List<String> skipped = new ArrayList<>();
        SortedMap<String, Path> found = find(skipped);
        SortedMap<String, FileTree.File> files = new TreeMap<>();
        Map<String, Seen> now = new HashMap<>();
        for (Map.Entry<String, Path> entry : found.entrySet()) {
            try {
                PosixFileAttributes attributes =
                        Files.readAttributes(entry.getValue(), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                Seen file = look(entry.getKey(), entry.getValue(), attributes, store);
                boolean program =
                        holds == Holds.EXTRAS && attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
                now.put(entry.getKey(), file);
                files.put(entry.getKey(), new FileTree.File(file.hash(), file.bytes(), program));
            } catch (NoSuchFileException e) {
                skipped.add(entry.getKey() + ": went away while it was read");
            }
        }
        seen = now;
        return new Snapshot(new FileTree(files), skipped);
    }

    private SortedMap<String, Path> find(List<String> skipped) throws IOException, DamagedException {
        SortedMap<String, Path> found = new TreeMap<>();
        if (!Files.exists(folder)) {
            return found;
        }
        long[] count = new long[2];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                return !inner.equals(folder) && isPrivate(inner)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = folder.relativize(file).toString();
                if (isPrivate(file) && !path.isEmpty()) {
                    return FileVisitResult.CONTINUE;
                }
                Optional<String> objection = attributes.isRegularFile()
                        ? objection(path)
                        : Optional.of(attributes.isSymbolicLink() ? "a link" : "no regular file");
                objection.ifPresentOrElse(why -> skipped.add(path + ": " + why + ", is not sent"), () -> count[0]++);
                count[1] += attributes.size();
                if (objection.isEmpty() && !limits.arePassed(count[0], count[1])) {
                    found.put(path, file);
                }
                return limits.endCounting(count[0], count[1]) ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                if (why instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw why;
            }
        });
        Optional<String> tooMuch = limits.objection(folder + " holds", count[0], count[1]);
        if (tooMuch.isPresent()) {
            throw new DamagedException(tooMuch.get());
        }
        return found;
    }

    private Optional<String> objection(String path) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        return holds == Holds.OBJECTS && SyncName.isOf(path)
                ? Optional.of("a name that begins with '" + path.charAt(0) + "'")
                : FilePaths.objection(path);
    }

    /** Editors' and our own files are nobody else's business. */
    private static boolean isPrivate(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") || name.endsWith("~");
    }

    private Seen look(String path, Path file, BasicFileAttributes attributes, ObjectStore store) throws IOException {
        Seen before = seen.get(path);
        if (before != null
                && before.modified().equals(attributes.lastModifiedTime())
                && before.bytes() == attributes.size()
                && before.key().equals(attributes.fileKey())
                && store.has(before.hash())) {
            return before;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            Counting counted = new Counting(in);
            String hash = store.put(counted);
            return new Seen(attributes.lastModifiedTime(), counted.bytes, attributes.fileKey(), hash);
        }
    }

    private static final class Counting extends java.io.FilterInputStream {
        private long bytes;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            bytes += Math.max(0, read);
            return read;
        }
    }

    /**
     * Writes a tree into a folder of its own, for a check beside the running configuration.
     *
     * @throws DamagedException if the store lacks one of its files
     */
    public static void write(FileTree tree, ObjectStore store, Path into) throws IOException, DamagedException {
        delete(into);
        Files.createDirectories(tree.files().containsKey("") ? into.getParent() : into);
        for (Map.Entry<String, FileTree.File> entry : tree.files().entrySet()) {
            Path file = entry.getKey().isEmpty() ? into : into.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                if (!store.copy(entry.getValue().hash(), out)) {
                    store.drop(entry.getValue().hash());
                    throw new DamagedException(entry.getKey() + " is not kept here any more");
                }
            }
        }
    }

    /**
     * Puts a tree in the place of what is there. Owner's rights, group and mode are those that the folder has.
     *
     * @throws DamagedException if the store lacks one of its files; then nothing has changed
     */
    public void replace(FileTree tree, ObjectStore store) throws IOException, DamagedException {
        prepare(tree, store);
        exchange();
        clean();
    }

    /** Writes the tree beside what is there. */
    void prepare(FileTree tree, ObjectStore store) throws IOException, DamagedException {
        if (tree.isEmpty() && Files.isRegularFile(folder)) {
            delete(next); // a single file is gone, and no empty folder
            return;
        }
        try {
            write(tree, store, next);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new IOException(
                    "the folder " + folder.getParent() + " cannot be written, but " + folder.getFileName()
                            + " is replaced as a whole: let the daemon's user write there, or choose another "
                            + (holds == Holds.OBJECTS ? "oconf_dir" : "path in section sync"),
                    e);
        }
        if (Files.exists(folder)) {
            alike(folder, tree);
        } else if (holds == Holds.EXTRAS) {
            alike(next, tree);
        }
        if (Files.isDirectory(folder) && Files.isDirectory(next)) {
            carryOver();
        }
    }

    /** Exchanges what is there and what was prepared; done twice, all is as it was. */
    void exchange() throws IOException {
        if (!Files.exists(folder)) {
            Files.move(next, folder);
        } else if (!Files.exists(next)) {
            Files.move(folder, next);
        } else if (!exchange.exchange(next, folder)) {
            delete(former);
            Files.move(folder, former);
            Files.move(next, folder);
            Files.move(former, next);
        }
        seen = Map.of();
    }

    /** Takes away what is not in its place any more. */
    void clean() throws IOException {
        delete(former);
        delete(next);
    }

    /** What is not sent is not taken away either: links, hidden files, what editors leave. */
    private void carryOver() throws IOException {
        copyUnsent(next);
    }

    /** Copies what is not sent, and stays where it is, into another folder: links lead where they lead here. */
    public void copyUnsent(Path into) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) throws IOException {
                Path to = into.resolve(folder.relativize(inner));
                if (!inner.equals(folder) && isBelowPrivate(inner) && !Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(to);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = folder.relativize(file).toString();
                Path to = into.resolve(path);
                boolean unsent = isBelowPrivate(file)
                        || !attributes.isRegularFile()
                        || objection(path).isPresent();
                if (unsent && !Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(to.getParent());
                    if (attributes.isSymbolicLink() && !into.equals(next)) {
                        Files.createSymbolicLink(to, file.resolveSibling(Files.readSymbolicLink(file)));
                    } else if (!attributes.isOther()) {
                        Files.copy(file, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private boolean isBelowPrivate(Path path) {
        for (Path name : folder.relativize(path)) {
            if (isPrivate(name)) {
                return true;
            }
        }
        return false;
    }

    /** Gives what was prepared the group and mode of a model; programs get the mode that the model's folder would have. */
    private void alike(Path model, FileTree tree) throws IOException {
        PosixFileAttributes like = Files.readAttributes(model, PosixFileAttributes.class);
        Set<PosixFilePermission> open = EnumSet.copyOf(like.permissions());
        if (!Files.exists(folder)) {
            open.removeAll(OTHERS); // nobody has said that it may be read by all
        }
        Set<PosixFilePermission> plain = EnumSet.copyOf(open);
        plain.removeAll(EXECUTE);
        Set<PosixFilePermission> program = EnumSet.copyOf(plain);
        READ_TO_EXECUTE.forEach((read, execute) -> {
            if (plain.contains(read)) {
                program.add(execute);
            }
        });
        Files.walkFileTree(next, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                FileTree.File known = tree.files().get(next.relativize(file).toString());
                set(file, like, known != null && known.executable() ? program : plain);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path inner, IOException failed) throws IOException {
                set(inner, like, like.isDirectory() ? open : program);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void set(Path path, PosixFileAttributes like, Set<PosixFilePermission> permissions)
            throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (!view.readAttributes().group().equals(like.group())) {
            view.setGroup(like.group());
        }
        view.setPermissions(permissions);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path inner, IOException failed) throws IOException {
                Files.deleteIfExists(inner);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
