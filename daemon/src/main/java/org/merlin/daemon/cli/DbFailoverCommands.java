package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.SinkView;
import org.merlin.daemon.sink.sql.SqlLease;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon db failover ...}: which of several nodes writes into a database that they share. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        description = "Which of several nodes writes into the database that they share.")
final class DbFailoverCommands {
    /** {@code mon db failover show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = {
                "Show which node writes, its fence (a number that grows with each takeover), and whether its beat moves.",
                "Asks the database itself, and looks for up to a second and a fifth of failover_timeout."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:a node writes, and lives",
                "1:nobody writes, or the writer stands still; or the database cannot be reached",
                "3:merlin.conf has no database",
                "64:usage",
                "78:bad configuration"
            })
    static final class ShowCommand implements Callable<Integer> {
        private final CliContext context;

        @Spec
        private CommandSpec spec;

        @Option(
                names = {"-o", "--output"},
                description = "text (default) or json.",
                defaultValue = "text")
        private OutputFormat format;

        ShowCommand(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws IOException, ConfException, HistoryException {
            DatabasePlace place = DatabasePlace.of(context);
            try (SqlSession session = place.open()) {
                SqlLease.View lease = SqlLease.look(session, place.conf().failoverTimeout());
                PrintWriter out = spec.commandLine().getOut();
                out.println(
                        format == OutputFormat.json ? Json.pretty(lease) : session.database() + ": " + words(lease));
                return lease.moving() && !lease.holder().isEmpty() ? ExitStatus.OK : ExitStatus.WARNING;
            }
        }

        private static String words(SqlLease.View lease) {
            String numbers = " (fence " + lease.fence() + ", beat " + lease.beat() + ")";
            if (lease.holder().isEmpty()) {
                return "nobody writes just now" + numbers;
            }
            return "written by " + lease.holder() + numbers
                    + (lease.moving()
                            ? ", its beat moves"
                            : String.format(
                                    Locale.ROOT,
                                    ", its beat stood still for the %.1f s that we looked",
                                    lease.lookedSeconds()));
        }
    }

    /** {@code mon db failover move}. */
    @Command(
            name = "move",
            mixinStandardHelpOptions = true,
            description = "Have this node, if it is the one that writes, let another do so.",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:it lets go; where no other node shares the database it takes it up again by itself",
                "1:this node does not write",
                "3:there is no database",
                "64:usage",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class MoveCommand implements Callable<Integer> {
        private final CliContext context;

        @Spec
        private CommandSpec spec;

        MoveCommand(CliContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws IOException, ConfException {
            AdminClient daemon = context.daemon();
            List<SinkView> sinks = daemon.sinks();
            if (sinks.isEmpty()) {
                spec.commandLine().getErr().println("mon: " + context.file() + " has no section database");
                return ExitStatus.UNKNOWN;
            }
            SinkView sink = sinks.get(0);
            if (!sink.state().equals("writing")) {
                spec.commandLine()
                        .getErr()
                        .println("mon: this node does not write (" + sink.state() + "): "
                                + (sink.writer().isEmpty() ? "nobody does" : sink.writer() + " does, ask there"));
                return ExitStatus.FAILED;
            }
            daemon.moveSink();
            spec.commandLine()
                    .getOut()
                    .println(sink.database() + ": this node lets go; mon db failover show says who writes");
            return ExitStatus.OK;
        }
    }
}
