package org.merlin.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.merlin.daemon.ca.CertificateAuthority;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon cert issue NODE}: signs a certificate for a node. */
@Command(
        name = "issue",
        mixinStandardHelpOptions = true,
        description = "Sign a certificate for a node: NODE.crt and NODE.key, below state_dir/tls or in --dir.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:issued",
            "1:no CA here, files are there already, or cannot be written",
            "64:usage",
            "78:bad configuration"
        })
final class CertIssueCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NODE", description = "The node's name, as in every merlin.conf.")
    private String node;

    @Option(names = "--days", defaultValue = "397", description = "How long it is valid (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where to, instead of state_dir/tls.")
    private Path folder;

    @Option(names = "--force", description = "Replace files that are there.")
    private boolean force;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    CertIssueCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        if (days < 1 || days > CertificateAuthority.AUTHORITY_LIFE.toDays()) {
            spec.commandLine()
                    .getErr()
                    .println("--days " + days + ": between 1 and " + CertificateAuthority.AUTHORITY_LIFE.toDays());
            return ExitStatus.USAGE;
        }
        Path ours = context.conf().stateDir().resolve("tls");
        Path target = folder == null ? ours : folder;
        Path file = target.resolve(node + ".crt");
        if (!force && (Files.exists(file) || Files.exists(target.resolve(node + ".key")))) {
            throw new IOException(file + " or its key is there already: --force replaces them");
        }
        CertificateText text = CertificateText.of(
                file, CertificateAuthority.load(ours, Clock.systemUTC()).issue(node, target, Duration.ofDays(days)));
        spec.commandLine().getOut().println(format == OutputFormat.json ? Json.pretty(text) : text);
        return ExitStatus.OK;
    }
}
