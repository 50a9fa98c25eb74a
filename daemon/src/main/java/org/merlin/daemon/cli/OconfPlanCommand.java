package org.merlin.daemon.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon oconf plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "What a push would change where: the files that differ, what the scheduler's own check says of them, and which peers and",
            "pollers would get something else than they run; and what is in the way, with what to do. Nothing is changed by it."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it could be pushed",
            "1:the check refuses it, or a node would not take it",
            "3:it cannot be told, or this node takes no part",
            "64:usage, or no such node",
            "69:no daemon answers",
            "78:bad configuration"
        })
final class OconfPlanCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "NODE", description = "For a push to these alone; to all by default.")
    private List<String> names = List.of();

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    OconfPlanCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        return new OconfPlan(context.daemon(), spec, format).show(names);
    }
}
