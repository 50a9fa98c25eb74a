package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.merlin.daemon.status.ReloadView;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon reload}: the daemon reads merlin.conf anew. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Have the running daemon read merlin.conf anew: nodes that were added, changed or removed are so from now on, with no restart",
            "of anybody. A file that is wrong, or needs a restart, is refused as a whole. The same as SIGHUP to merlind."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:applied", "1:failed", "64:usage", "69:no daemon answers", "78:refused, with file and line"})
final class ReloadCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    ReloadCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        AdminClient daemon;
        try {
            daemon = context.daemon();
        } catch (ConfException e) { // the daemon would say the same, but where it listens is not known
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine()
                    .getErr()
                    .println("mon: no daemon was asked: one that runs goes on by what it read before");
            return ExitStatus.BAD_CONFIG;
        }
        ReloadView view = daemon.reload()
                .orElseThrow(() -> new AdminClient.NoDaemonException(
                        "no daemon answers: is merlind running, with " + context.file() + "?"));
        if (format == OutputFormat.json) {
            spec.commandLine().getOut().println(Json.pretty(view));
            return view.applied() ? ExitStatus.OK : ExitStatus.BAD_CONFIG;
        }
        return ReloadText.print(
                view, spec.commandLine().getOut(), spec.commandLine().getErr());
    }
}
