package org.merlin.confsync.generation;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The files of a configuration: relative path to content. Equal files make an equal tree with an equal hash, whoever made it, when
 * and in which order. Pure.
 *
 * @param files by path; paths pass {@link FilePaths}, and none of them is a folder of another
 */
public record FileTree(SortedMap<String, File> files) {
    public static final FileTree EMPTY = new FileTree(new TreeMap<>());

    /**
     * One file's content.
     *
     * @param hash SHA-256 of its bytes
     * @param bytes how many
     * @param executable whether it is a program
     */
    public record File(String hash, long bytes, boolean executable) {
        /** One that is no program. */
        public File(String hash, long bytes) {
            this(hash, bytes, false);
        }
    }

    public FileTree {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** A tree of one file. */
    public static FileTree of(String path, String hash, long bytes) {
        return new FileTree(new TreeMap<>(Map.of(path, new File(hash, bytes))));
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }

    /** Bytes of all files. */
    public long bytes() {
        return files.values().stream().mapToLong(File::bytes).sum();
    }

    /** These and others; where both have a path, the other's file. */
    public FileTree with(FileTree others) {
        SortedMap<String, File> all = new TreeMap<>(files);
        all.putAll(others.files);
        return new FileTree(all);
    }

    /** Those whose paths are wanted. */
    public FileTree only(Predicate<String> wanted) {
        SortedMap<String, File> found = new TreeMap<>(files);
        found.keySet().removeIf(wanted.negate());
        return new FileTree(found);
    }

    /** One line a file: hash, size (with {@code x} for a program), path. What is kept, sent and hashed. */
    public String text() {
        StringBuilder text = new StringBuilder();
        files.forEach((path, file) -> text.append(file.hash())
                .append(' ')
                .append(file.bytes())
                .append(file.executable() ? "x " : " ")
                .append(path)
                .append('\n'));
        return text.toString();
    }

    /** Name of the tree. */
    public String hash() {
        return Hash.of(text());
    }

    /**
     * Reads what {@link #text} wrote, by whoever wrote it.
     *
     * @param maxFiles how many files it may have
     * @param maxBytes how many bytes they may have together
     * @throws DamagedException if it has more, a path that may not be used, or is no tree
     */
    public static FileTree read(String text, int maxFiles, long maxBytes) throws DamagedException {
        SortedMap<String, File> files = new TreeMap<>();
        long bytes = 0;
        for (String line : text.split("\n")) {
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = line.split(" ", 3);
            File file = file(fields, line);
            Optional<String> objection = FilePaths.objection(fields[2]);
            if (objection.isPresent()) {
                throw new DamagedException(objection.get());
            }
            bytes += file.bytes();
            if (bytes > maxBytes) {
                throw new DamagedException(
                        "files of more than " + maxBytes + " bytes: oconf_max_size says how many may come");
            }
            if (files.put(fields[2], file) != null) {
                throw new DamagedException("the path " + fields[2] + " twice");
            }
            if (files.size() > maxFiles) {
                throw new DamagedException("more than " + maxFiles + " files: oconf_max_files says how many may come");
            }
        }
        FileTree tree = new FileTree(files);
        if (!tree.text().equals(text)) {
            throw new DamagedException("a list of files that is out of order");
        }
        refuseFoldersThatAreFiles(files);
        return tree;
    }

    private static File file(String[] fields, String line) throws DamagedException {
        if (fields.length == 3 && Hash.isOne(fields[0]) && fields[1].matches("\\d{1,18}x?")) {
            boolean executable = fields[1].endsWith("x");
            return new File(fields[0], Long.parseLong(fields[1].replace("x", "")), executable);
        }
        throw new DamagedException(
                "'" + line.substring(0, Math.min(80, line.length())) + "' is no line of a list of files");
    }

    private static void refuseFoldersThatAreFiles(SortedMap<String, File> files) throws DamagedException {
        for (String path : files.keySet()) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                if (files.containsKey(path.substring(0, slash))) {
                    throw new DamagedException(path.substring(0, slash) + " as a file and as a folder");
                }
            }
        }
    }
}
