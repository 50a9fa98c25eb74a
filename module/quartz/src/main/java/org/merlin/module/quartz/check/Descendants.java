package org.merlin.module.quartz.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a process has started and what that has started. The kernel keeps a list of children for each thread; where it is
 * built without, the JDK looks through all processes of the machine, which is too slow for many checks that time out at once.
 * Stateless; any thread.
 */
final class Descendants {
    private static final Path PROC = Path.of("/proc");
    private static final boolean LISTED = Files.exists(PROC.resolve("thread-self/children"));

    private Descendants() {}

    /** As of now, children before theirs; what has lost its parent is not among them. */
    static List<ProcessHandle> of(ProcessHandle process) {
        if (!LISTED) {
            return process.descendants().toList();
        }
        List<ProcessHandle> found = new ArrayList<>();
        addChildren(process.pid(), found);
        for (int i = 0; i < found.size(); i++) {
            addChildren(found.get(i).pid(), found);
        }
        return found;
    }

    private static void addChildren(long pid, List<ProcessHandle> to) {
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(PROC.resolve(Long.toString(pid)).resolve("task"))) {
            for (Path thread : threads) {
                for (String child : Files.readString(thread.resolve("children")).split(" ")) {
                    handle(child.strip()).ifPresent(to::add);
                }
            }
        } catch (IOException e) {
            // it has ended meanwhile, and so has no children any more
        }
    }

    private static Optional<ProcessHandle> handle(String pid) {
        return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
    }
}
