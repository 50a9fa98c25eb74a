package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Part;
import org.merlin.confsync.objects.Splitter;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NodeRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon oconf split NODE}: a poller's part of what this node's scheduler has loaded. */
@Command(
        name = "split",
        mixinStandardHelpOptions = true,
        description = {
            "Print a poller's part of this node's object configuration: the hosts of its hostgroups with all that they need, without",
            "templates, the same bytes on every master. What is odd about it goes to standard error. Needs no running daemon."
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:written",
            "1:nothing was written: its hostgroups hold no host, or a file cannot be read or written",
            "64:usage, or NODE is no poller",
            "78:bad configuration"
        })
final class OconfSplitCommand implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final SchedulerFileOptions options;

    @Parameters(paramLabel = "NODE", description = "Name of the poller.")
    private String name;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = {
                "Write it there, at one moment, with the time of this node's newest object file. Default is standard output."
            })
    private Path output;

    @Option(
            names = "--object-cache",
            paramLabel = "FILE",
            description =
                    "Cut it out of this file; default is the object_cache_file of the scheduler's main configuration.")
    private void objectCache(Path file) {
        context.objectCache(file);
    }

    OconfSplitCommand(CliContext context) {
        this.context = context;
        options = new SchedulerFileOptions(context);
    }

    @Override
    public Integer call() throws IOException, ConfException, ObjectFile.SyntaxException {
        MerlinConf conf = context.conf();
        PrintWriter err = spec.commandLine().getErr();
        Optional<MerlinConf.Node> node =
                conf.nodes().stream().filter(one -> one.name().equals(name)).findFirst();
        if (node.isEmpty() || node.get().role() != NodeRole.POLLER) {
            err.println("mon: " + name
                    + node.map(one -> " is a " + one.role().word() + ", and only pollers get a part")
                            .orElse(" is no node of " + context.file())
                    + pollers(conf));
            return ExitStatus.USAGE;
        }
        Splitter splitter = options.files().splitter();
        Part part = splitter.part(node.get().selection().hostgroups());
        splitter.remarks().forEach(remark -> err.println("warning: " + remark));
        part.remarks().forEach(remark -> err.println("warning: " + name + ": " + remark));
        splitter.overlaps(hostgroups(conf)).forEach(remark -> err.println("warning: " + remark));
        if (part.hosts() == 0) {
            err.println("mon: " + name + ": its hostgroups hold no host: nothing was written");
            return ExitStatus.FAILED;
        }
        write(part);
        return ExitStatus.OK;
    }

    private static String pollers(MerlinConf conf) {
        List<String> names =
                conf.nodes(NodeRole.POLLER).stream().map(MerlinConf.Node::name).toList();
        return names.isEmpty() ? "; there are no pollers" : "; pollers are " + String.join(", ", names);
    }

    private static Map<String, List<String>> hostgroups(MerlinConf conf) {
        return conf.nodes(NodeRole.POLLER).stream()
                .collect(Collectors.toMap(
                        MerlinConf.Node::name, poller -> poller.selection().hostgroups(), (a, b) -> a, HashMap::new));
    }

    private void write(Part part) throws IOException, ConfException {
        if (output == null) {
            part.writeTo(System.out);
            System.out.flush();
        } else {
            WholeFile.write(output, part::writeTo, options.files().newestMtimeSeconds());
        }
    }
}
