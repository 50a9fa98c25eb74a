package org.merlin.daemon.conf;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;

/**
 * Removes pollers from merlin.conf that are silent for longer than their {@code auto_delete}, as {@code mon node remove} would. A file
 * that has changes which were not applied yet is left alone, since somebody is at work there. Confined to the cluster loop, but for what
 * reads and writes files.
 */
public final class SilentPollers {
    private final Cluster cluster;
    private final Reload reload;
    private final Executor files;
    private final Executor loop;
    private final Journal journal;

    /** {@code files} may block, {@code loop} is the cluster's. */
    public SilentPollers(Cluster cluster, Reload reload, Executor files, Executor loop, Journal journal) {
        this.cluster = cluster;
        this.reload = reload;
        this.files = files;
        this.loop = loop;
        this.journal = journal;
    }

    /** Removes them, and has the file read anew. */
    public void remove(List<String> names) {
        MerlinConf running = cluster.conf();
        files.execute(() -> {
            Optional<String> obstacle = edit(running, names);
            loop.execute(() -> end(running, names, obstacle));
        });
    }

    private static Optional<String> edit(MerlinConf running, List<String> names) {
        try {
            ConfEdit edit = ConfEdit.of(running.file());
            if (!edit.conf().equals(running)) {
                return Optional.of("it has changes that were not applied yet: mon reload");
            }
            names.stream().filter(edit::has).forEach(name -> edit.change(text -> text.without(name)));
            edit.check();
            edit.write();
            return Optional.empty();
        } catch (ConfException e) {
            return Optional.of(e.problems().get(0).toString());
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void end(MerlinConf running, List<String> names, Optional<String> obstacle) {
        for (String name : names) {
            String silent = "silent for longer than auto_delete = "
                    + running.nodes().stream()
                            .filter(node -> node.name().equals(name))
                            .mapToLong(node -> node.autoDelete().toSeconds())
                            .max()
                            .orElse(0)
                    + "s";
            journal.warn(
                    LogEvent.AUTO_DELETED,
                    name,
                    obstacle.map(why -> silent + ", and cannot be removed from " + running.file() + ": " + why)
                            .orElse(silent + ", removed from " + running.file()));
        }
        if (obstacle.isEmpty()) {
            reload.read(view -> {});
        }
    }
}
