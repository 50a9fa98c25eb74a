package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.merlin.daemon.bench.BenchCluster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mon bench cluster}: results from one peer to another. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = {
            "Send results from one peer to another and count what arrives: a scheduler without checks, its daemon, the other's",
            "daemon, and a scheduler that counts. Four processes on loopback, both event logs written, nothing left behind."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mon bench cluster --events 1000000",
            "  mon bench cluster --events 60000 --rate 1000 --tls -o json",
            "  mon bench cluster --events 60000 --rate 1000 --database frozen"
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:all arrived, once and in order",
            "1:something was lost, doubled or late in its order",
            "64:usage"
        })
final class BenchClusterCommand implements Callable<Integer> {
    @Mixin
    private BenchOptions options;

    @Option(
            names = "--database",
            defaultValue = "none",
            description =
                    "What both write meanwhile: none (default), mariadb, or frozen, one that stops answering once it is"
                            + " written. They start it, which needs the package mariadb-server.")
    private BenchCluster.Database database;

    @Override
    public Integer call() throws IOException {
        return options.run(
                BenchCluster.problems(database), (settings, log) -> BenchCluster.run(settings, database, log));
    }
}
