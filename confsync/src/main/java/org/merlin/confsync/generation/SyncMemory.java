package org.merlin.confsync.generation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.control.Excerpt;

/**
 * What a node must not forget of its configuration over a kill or a loss of power: which generation it runs, which one it tries,
 * which contents it refused. Written as a whole, to disk, before what it tells of is done. Confined to one thread.
 */
public final class SyncMemory {
    /** So many refused contents are remembered; the oldest go. */
    static final int MAX_REFUSED = 64;

    private static final int MAX_KEPT = 20;
    private static final int MAX_WHY = 4_000;

    private final Path file;
    private String head = "";
    private String trial = "";
    private String before = "";
    private String interrupted = "";
    private int interruptions;
    private final Map<String, String> refused = new LinkedHashMap<>();
    private final List<String> log = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    private SyncMemory(Path file) {
        this.file = file;
    }

    /**
     * Reads what is remembered; nothing where there is no file.
     *
     * @throws IOException if the file cannot be read or is none of ours, with what to do
     */
    public static SyncMemory read(Path file) throws IOException {
        SyncMemory memory = new SyncMemory(file);
        try {
            for (String line : Files.readAllLines(file)) {
                memory.take(line.split(" ", 3));
            }
        } catch (NoSuchFileException e) {
            return memory;
        } catch (java.nio.charset.CharacterCodingException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new IOException(
                    file
                            + " is damaged: move it away and start again; what oconf_dir holds then counts as what this node runs",
                    e);
        }
        return memory;
    }

    private void take(String[] words) {
        switch (words[0]) {
            case "head" -> head = words[1];
            case "trial" -> {
                trial = words[1];
                before = words.length > 2 ? words[2] : "";
            }
            case "failed" -> failed.add(words[1]);
            case "interrupted" -> {
                interrupted = words[1];
                interruptions = Integer.parseInt(words[2]);
            }
            case "refused" -> refused.put(words[1], words[2].replace("\\n", "\n"));
            case "log" -> log.add(words[1]);
            case "kept" -> kept.add(words[1]);
            default -> {} // a newer version's
        }
    }

    /** Hash of the generation that this node runs, and goes back to; empty if it has none. */
    public String head() {
        return head;
    }

    /** Hash of the generation that is being tried; empty if none is. */
    public String trial() {
        return trial;
    }

    /** Contents that this node has refused, by the hash of their tree, with the reason; the newest last. */
    public Map<String, String> refused() {
        return refused;
    }

    /** Generations in the order in which this node came to run them, the newest last. */
    public List<String> log() {
        return log;
    }

    /** Generations that this node does not run and whose contents it keeps: refused, given up or overtaken; the newest last. */
    public List<String> kept() {
        return kept;
    }

    /** Tree of what was in the folder before the trial that is under way; empty if none is. */
    public String before() {
        return before;
    }

    /** Generations that our scheduler did not survive; the newest last. */
    public List<String> failed() {
        return failed;
    }

    void beginTrial(String hash, String treeBefore) throws IOException {
        trial = hash;
        before = treeBefore;
        write();
    }

    /** The scheduler did not survive it, and what was before is in its place again: one write, so that a kill forgets all or nothing. */
    void failTrial(String tree, String why) throws IOException {
        failed.remove(trial);
        failed.add(trial);
        if (failed.size() > MAX_KEPT) {
            failed.remove(0);
        }
        kept.remove(trial);
        kept.add(trial);
        if (kept.size() > MAX_KEPT) {
            kept.remove(0);
        }
        trial = "";
        refuse(tree, why);
    }

    /** The trial was given up, and says nothing against the generation. */
    void endTrial() throws IOException {
        trial = "";
        write();
    }

    /** The daemon began in a trial, whose end it does not know. Returns how often that has happened with this generation. */
    int interruptTrial() throws IOException {
        interruptions = trial.equals(interrupted) ? interruptions + 1 : 1;
        interrupted = trial;
        trial = "";
        write();
        return interruptions;
    }

    /** The generation is good and counts from now on. */
    void accept(String hash) throws IOException {
        head = hash;
        trial = "";
        interrupted = "";
        log.remove(hash);
        log.add(hash);
        kept.remove(hash);
        write();
    }

    void keep(String hash) throws IOException {
        kept.remove(hash);
        kept.add(hash);
        if (kept.size() > MAX_KEPT) {
            kept.remove(0);
        }
        write();
    }

    void refuse(String tree, String why) throws IOException {
        refused.remove(tree);
        refused.put(tree, Excerpt.of(why, MAX_WHY));
        while (refused.size() > MAX_REFUSED) {
            refused.remove(refused.keySet().iterator().next());
        }
        write();
    }

    void pardon(String tree) throws IOException {
        if (refused.remove(tree) != null) {
            write();
        }
    }

    void cutLog(int most) throws IOException {
        if (log.size() > most) {
            log.subList(0, log.size() - most).clear();
            write();
        }
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        if (!head.isEmpty()) {
            text.append("head ").append(head).append('\n');
        }
        if (!trial.isEmpty()) {
            text.append("trial ").append(trial).append(' ').append(before).append('\n');
        }
        if (!interrupted.isEmpty()) {
            text.append("interrupted ")
                    .append(interrupted)
                    .append(' ')
                    .append(interruptions)
                    .append('\n');
        }
        refused.forEach((tree, why) -> text.append("refused ")
                .append(tree)
                .append(' ')
                .append(why.replace("\n", "\\n").replaceAll("\\p{Cntrl}", " "))
                .append('\n'));
        log.forEach(hash -> text.append("log ").append(hash).append('\n'));
        failed.forEach(hash -> text.append("failed ").append(hash).append('\n'));
        kept.forEach(hash -> text.append("kept ").append(hash).append('\n'));
        Path made = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                made, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }
}
