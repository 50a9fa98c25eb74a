package org.merlin.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.merlin.daemon.ca.CertificateAuthority;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon ca init}: makes the authority. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Make the cluster's CA: state_dir/tls/ca.crt and ca.key. Once, on one node.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:made", "1:there is one, or files cannot be written", "64:usage", "78:bad configuration"})
final class CaInitCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(names = "--force", description = "Replace a CA that is there; all certificates that it signed become void.")
    private boolean force;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    CaInitCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        Path folder = context.conf().stateDir().resolve("tls");
        CertificateAuthority authority = CertificateAuthority.init(folder, force, Clock.systemUTC());
        CertificateText text = CertificateText.of(folder.resolve("ca.crt"), authority.certificate());
        spec.commandLine().getOut().println(format == OutputFormat.json ? Json.pretty(text) : text);
        if (format == OutputFormat.text) {
            spec.commandLine()
                    .getErr()
                    .println("Next: mon cert issue NODE for every node, and copy ca.crt, NODE.crt and NODE.key there. "
                            + "Keep ca.key here, and a copy of it in a safe place.");
        }
        return ExitStatus.OK;
    }
}
