package org.merlin.confsync.generation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One state of the object configuration, known by the hash of what stands here. A generation that was made by pushing has parents:
 * it takes the place of these, and nodes that run one of them, or one before, take it without asking. A <em>part</em> is what a
 * poller gets: cut out of its masters' generation, its source, and equal on all masters. Pure.
 *
 * @param tree hash of the {@link FileTree}
 * @param parents hashes of what it follows; none for what a node had before it took part, two where a choice was made between two.
 *     A part has none
 * @param source for a part: hash of the masters' generation; else empty
 * @param author node on which it was made; empty where every node makes the same
 * @param seconds when, since 1970, for reading; 0 where every node makes the same
 * @param only nodes that are to run it for now, the canaries; empty for all
 * @param note why it was made
 */
public record Generation(
        String tree,
        List<String> parents,
        Optional<String> source,
        String author,
        long seconds,
        List<String> only,
        String note) {
    /** Longest text of one. */
    public static final int MAX_BYTES = 8_192;

    private static final int MAX_PARENTS = 64;
    private static final int MAX_NOTE = 400;

    public Generation {
        parents = List.copyOf(parents);
        only = List.copyOf(only);
    }

    /** What a node has when it begins to take part: nodes with the same files begin with the same generation. */
    public static Generation first(String tree) {
        return new Generation(tree, List.of(), Optional.empty(), "", 0, List.of(), "found when sync began");
    }

    /** A poller's part of a generation. */
    public static Generation part(String tree, String source, Generation of) {
        return new Generation(tree, List.of(), Optional.of(source), of.author, of.seconds, of.only, of.note);
    }

    /**
     * The way back from a generation that some node could not run: the same on every node that makes it.
     *
     * @param back tree of what went before
     * @param hash of this generation
     */
    public Generation withdrawn(String back, String hash) {
        return new Generation(
                back,
                List.of(hash),
                Optional.empty(),
                "",
                seconds,
                List.of(),
                "back from " + Hash.shown(hash) + ", which a node could not run");
    }

    /** Whether it is one of those that {@link #withdrawn} makes. */
    public boolean isWayBack() {
        return author.isEmpty() && !parents.isEmpty();
    }

    public boolean isPart() {
        return source.isPresent();
    }

    /** Whether a node is meant by it. */
    public boolean isFor(String node) {
        return only.isEmpty() || only.contains(node);
    }

    public String hash() {
        return Hash.of(text());
    }

    /** A line a field: what is kept, sent and hashed. */
    public String text() {
        StringBuilder text =
                new StringBuilder("generation 1\ntree ").append(tree).append('\n');
        parents.forEach(parent -> text.append("parent ").append(parent).append('\n'));
        source.ifPresent(hash -> text.append("source ").append(hash).append('\n'));
        text.append("author ").append(author).append('\n');
        text.append("seconds ").append(seconds).append('\n');
        only.forEach(node -> text.append("only ").append(node).append('\n'));
        return text.append("note ").append(printable(note)).append('\n').toString();
    }

    private static String printable(String note) {
        String line = note.replaceAll("\\p{Cntrl}+", " ");
        return line.substring(0, Math.min(MAX_NOTE, line.length()));
    }

    /**
     * Reads what {@link #text} wrote, by whoever wrote it.
     *
     * @throws DamagedException if it is no generation
     */
    public static Generation read(String text) throws DamagedException {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES || !text.startsWith("generation 1\n")) {
            throw new DamagedException("this is no generation that we can read");
        }
        String tree = "";
        String author = "";
        String note = "";
        long seconds = 0;
        Optional<String> source = Optional.empty();
        List<String> parents = new ArrayList<>();
        List<String> only = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] words = line.split(" ", 2);
            String value = words.length == 2 ? words[1] : "";
            switch (words[0]) {
                case "tree" -> tree = hash(value);
                case "parent" -> parents.add(hash(value));
                case "source" -> source = Optional.of(hash(value));
                case "author" -> author = value;
                case "seconds" -> seconds = number(value);
                case "only" -> only.add(value);
                case "note" -> note = value;
                default -> {} // a newer version's
            }
        }
        if (tree.isEmpty() || parents.size() > MAX_PARENTS) {
            throw new DamagedException("a generation without a tree, or with more than " + MAX_PARENTS + " parents");
        }
        return new Generation(tree, parents, source, author, seconds, only, note);
    }

    private static String hash(String value) throws DamagedException {
        if (!Hash.isOne(value)) {
            throw new DamagedException("'" + value + "' is no hash");
        }
        return value;
    }

    private static long number(String value) throws DamagedException {
        if (!value.matches("\\d{1,12}")) {
            throw new DamagedException("'" + value + "' is no time");
        }
        return Long.parseLong(value);
    }
}
