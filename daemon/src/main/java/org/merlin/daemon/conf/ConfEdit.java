package org.merlin.daemon.conf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.merlin.daemon.install.ConfigFile;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.ConfText;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.conf.MerlinConfReader;

/** An edit of a merlin.conf: checked as a whole before anything is written, and written at one moment. For a thread that may block. */
public final class ConfEdit {
    private final Path file;
    private final ConfText before;
    private final MerlinConf conf;
    private final List<String> difference = new ArrayList<>();
    private ConfText text;

    private ConfEdit(Path file, ConfText before, MerlinConf conf) {
        this.file = file;
        this.before = before;
        this.conf = conf;
        this.text = before;
    }

    /**
     * Begins with what the file has.
     *
     * @throws ConfException if that is wrong already, with all its problems
     */
    public static ConfEdit of(Path file) throws ConfException {
        ConfText text = ConfText.read(file)
                .orElseThrow(() -> new ConfException(MerlinConfReader.read(file).problems()));
        MerlinConfReader.Report report = text.check(file);
        return new ConfEdit(file, text, report.conf().orElseThrow(() -> new ConfException(report.problems())));
    }

    /** What the file says before the edit. */
    public MerlinConf conf() {
        return conf;
    }

    /** Whether there is a section for a node, as the edit stands. */
    public boolean has(String node) {
        return text.has(node);
    }

    /** Changes something more. */
    public void change(UnaryOperator<ConfText> how) {
        ConfText after = how.apply(text);
        difference.addAll(text.differenceTo(after));
        text = after;
    }

    /** What differs, one piece per change. */
    public List<String> difference() {
        return List.copyOf(difference);
    }

    /**
     * Checks what the file is to be.
     *
     * @return its warnings that it did not have before
     * @throws ConfException if it would be wrong, with all its problems; nothing was written
     */
    public List<ConfProblem> check() throws ConfException {
        MerlinConfReader.Report report = text.check(file);
        if (report.conf().isEmpty()) {
            throw new ConfException(report.problems());
        }
        List<String> known =
                before.check(file).problems().stream().map(ConfProblem::text).toList();
        return report.problems().stream()
                .filter(problem -> !known.contains(problem.text()))
                .toList();
    }

    /**
     * Puts the text into the file's place; owner and mode stay.
     *
     * @throws IOException if that cannot be done, or somebody else has changed the file meanwhile; then it is as it was
     */
    public void write() throws IOException {
        if (!Arrays.equals(Files.readAllBytes(file), before.bytes())) {
            throw new IOException(file + " has just been changed by somebody else; look at it and try again");
        }
        try {
            ConfigFile.replace(file, new String(text.bytes(), StandardCharsets.ISO_8859_1));
        } catch (AccessDeniedException e) {
            throw new IOException(
                    file + " cannot be replaced by this user (" + e.getFile()
                            + ": permission denied): run this as root, or as the owner of its folder",
                    e);
        }
    }
}
