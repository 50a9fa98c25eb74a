package org.merlin.daemon.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.merlin.daemon.status.ReloadView;

/** Tells what came of a daemon's reading merlin.conf anew. */
final class ReloadText {
    private ReloadText() {}

    /** Prints it; returns the exit status. */
    static int print(ReloadView view, PrintWriter out, PrintWriter err) {
        view.problems().forEach(err::println);
        if (!view.applied()) {
            err.println("mon: the daemon refuses that as a whole, and goes on by what it read before");
            return ExitStatus.BAD_CONFIG;
        }
        out.println("applied: " + view.inWords());
        return ExitStatus.OK;
    }

    /**
     * The same in JSON.
     *
     * @param daemon {@code applied}, {@code refused} or {@code none}
     */
    record Told(String daemon, List<String> problems, long droppedEvents) {
        static Told of(Optional<ReloadView> view) {
            return new Told(
                    view.map(told -> told.applied() ? "applied" : "refused").orElse("none"),
                    view.map(ReloadView::problems).orElse(List.of()),
                    view.map(ReloadView::droppedEvents).orElse(0L));
        }
    }
}
