package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.merlin.daemon.status.BacklogView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon backlog export NODE|--all}: what waits, as one line of JSON per event; nothing is taken away. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Write what waits for a node, or all that the log holds, as one line of JSON per event.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:written",
            "1:no such node, or the file cannot be written",
            "64:usage",
            "69:no daemon answers",
            "78:bad configuration"
        })
final class BacklogExportCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Which which;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to a file instead of standard output.")
    private Path file;

    /** One node's, or all. */
    static final class Which {
        @Parameters(paramLabel = "NODE", description = "Name of the node; this node's own for its scheduler.")
        private String node;

        @Option(names = "--all", description = "All that the log holds, for whomever.")
        private boolean all;
    }

    BacklogExportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        AdminClient daemon = context.daemon();
        String whose = which.all ? "-" : which.node;
        BacklogView.Page page = daemon.backlogPage(whose, 0);
        if (!page.error().isEmpty()) {
            spec.commandLine().getErr().println("mon: " + page.error());
            return ExitStatus.FAILED;
        }
        long events = 0;
        if (file == null) {
            write(daemon, whose, page, spec.commandLine().getOut());
        } else {
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                events = write(daemon, whose, page, out);
            }
            spec.commandLine().getOut().println(events + " events written to " + file);
        }
        return ExitStatus.OK;
    }

    private static long write(AdminClient daemon, String whose, BacklogView.Page first, Writer out) throws IOException {
        ObjectMapper json = AdminClient.mapper();
        BacklogView.Page page = first;
        long events = 0;
        while (true) {
            for (BacklogView.Event event : page.events()) {
                out.write(json.writeValueAsString(event) + "\n");
                events++;
            }
            if (page.finished()) {
                out.flush();
                return events;
            }
            page = daemon.backlogPage(whose, page.next());
        }
    }
}
