package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.merlin.daemon.bench.BenchDatabase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mon bench db}: changes of state into a database. */
@Command(
        name = "db",
        mixinStandardHelpOptions = true,
        description = {
            "Send changes of state to a daemon that writes a database, and count what is committed: a scheduler without checks, its",
            "daemon, and the database. 'mariadb' and 'galera' start their own servers on loopback, which need the packages",
            "mariadb-server and galera-4; 'embedded' is H2; a JDBC URL leads to an empty database of yours."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mon bench db --database embedded --services 20000",
            "  mon bench db --database mariadb --events 600000 --rate 10000 -o json"
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:all was written", "1:something was not", "64:usage"})
final class BenchDatabaseCommand implements Callable<Integer> {
    @Mixin
    private BenchOptions options;

    @Option(
            names = "--database",
            required = true,
            description = "embedded, mariadb, galera, or jdbc:mariadb://HOST/NAME?user=USER&password=PASSWORD")
    private String database;

    @Override
    public Integer call() throws IOException {
        return options.run(
                BenchDatabase.problems(database), (settings, log) -> BenchDatabase.run(settings, database, log));
    }
}
