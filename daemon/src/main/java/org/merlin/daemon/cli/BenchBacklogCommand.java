package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.daemon.bench.BenchBacklog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mon bench backlog}: what a node that was away is given. */
@Command(
        name = "backlog",
        mixinStandardHelpOptions = true,
        description = {
            "Let nodes be away while results come, and give them to them: peers, one that sends, some that are away and return, one that",
            "gets live results all the time. Loopback, all event logs written, nothing left behind."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mon bench backlog --events 5000000",
            "  mon bench backlog --events 10000000 --away 3",
            "  mon bench backlog --events 1000000 --live 1000 -o json"
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:all arrived, once and in order",
            "1:something was lost, doubled or late in its order",
            "64:usage"
        })
final class BenchBacklogCommand implements Callable<Integer> {
    private static final long MOST_LIVE = 100_000;
    private static final int MOST_AWAY = 20;

    @Mixin
    private BenchOptions options;

    @Option(
            names = "--live",
            paramLabel = "RATE",
            defaultValue = "1000",
            description = "Results a second to the node that is not away (default: ${DEFAULT-VALUE}).")
    private long live;

    @Option(
            names = "--away",
            paramLabel = "NODES",
            defaultValue = "1",
            description = "How many are away (default: ${DEFAULT-VALUE}).")
    private int away;

    @Override
    public Integer call() throws IOException {
        List<String> problems = new ArrayList<>();
        if (live < 1 || live > MOST_LIVE) {
            problems.add("--live " + live + ": it is 1 to " + MOST_LIVE);
        }
        if (away < 1 || away > MOST_AWAY) {
            problems.add("--away " + away + ": it is 1 to " + MOST_AWAY);
        }
        return options.run(problems, (settings, log) -> BenchBacklog.run(settings, live, away, log));
    }
}
