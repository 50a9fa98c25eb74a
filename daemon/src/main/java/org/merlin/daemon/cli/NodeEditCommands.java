package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Part;
import org.merlin.daemon.conf.ConfEdit;
import org.merlin.daemon.status.ReloadView;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.ConfText;
import org.merlin.protocol.node.NodeRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon node add}, {@code remove} and {@code edit}: other nodes' sections of merlin.conf, and the daemon that is to read them. */
abstract sealed class NodeEditCommands implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Option(names = "--dry-run", description = "Change nothing; print what would change.")
    private boolean dryRun;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    private NodeEditCommands(CliContext context) {
        this.context = context;
    }

    /**
     * Makes the edit.
     *
     * @return why it cannot be made, as the file is; empty if it is
     * @throws IllegalArgumentException if what was asked for cannot be written
     */
    abstract Optional<String> make(ConfEdit edit);

    /** The exit status if it cannot be made: by default that a name is not known. */
    int obstacleStatus() {
        return ExitStatus.USAGE;
    }

    @Override
    public Integer call() throws IOException, ConfException {
        ConfEdit edit = ConfEdit.of(context.file());
        PrintWriter err = spec.commandLine().getErr();
        try {
            Optional<String> obstacle = make(edit);
            if (obstacle.isPresent()) {
                err.println("mon: " + obstacle.get());
                return obstacleStatus();
            }
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
        try {
            edit.check().forEach(err::println);
        } catch (ConfException e) {
            e.problems().stream().filter(ConfProblem::error).forEach(err::println);
            err.println("mon: nothing was changed: the file would be wrong, in these lines");
            return ExitStatus.BAD_CONFIG;
        }
        warnOfHostgroups(err);
        return dryRun ? showOnly(edit) : write(edit);
    }

    /** A word that is no hostgroup, or holds no host, is told to who types it; the objects may be elsewhere, so it is no error. */
    private void warnOfHostgroups(PrintWriter err) {
        List<String> hostgroups = words().stream()
                .filter(word -> word.startsWith("hostgroup=") || word.startsWith("hostgroups="))
                .flatMap(word -> Stream.of(word.substring(word.indexOf('=') + 1).split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
        if (hostgroups.isEmpty()) {
            return;
        }
        try {
            Part part = new SchedulerFiles(context).splitter().part(hostgroups);
            part.remarks().forEach(remark -> err.println("warning: " + remark));
            if (part.hosts() == 0) {
                err.println(
                        "warning: " + String.join(", ", hostgroups) + " hold no host here: no part is made of that");
            }
        } catch (IOException | ConfException | ObjectFile.SyntaxException e) {
            // where the objects are is not known here: the daemon's log will tell
        }
    }

    /** What is set, {@code key=value}; none where nodes are removed. */
    List<String> words() {
        return List.of();
    }

    private int showOnly(ConfEdit edit) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(new Edited(
                    context.file().toString(), false, edit.difference(), ReloadText.Told.of(Optional.empty()))));
        } else {
            out.println("--- " + context.file());
            edit.difference().forEach(out::println);
        }
        return ExitStatus.OK;
    }

    private int write(ConfEdit edit) throws IOException {
        edit.write();
        Path socket = edit.conf().adminSocket();
        Optional<ReloadView> view = new AdminClient(socket).reload();
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(
                    new Edited(context.file().toString(), true, edit.difference(), ReloadText.Told.of(view))));
            return view.isPresent() && !view.get().applied() ? ExitStatus.BAD_CONFIG : ExitStatus.OK;
        }
        out.println(context.file() + ": changed");
        if (view.isEmpty()) {
            out.println("no daemon answers at " + socket + ": it counts from merlind's next start");
            return ExitStatus.OK;
        }
        return ReloadText.print(view.get(), out, spec.commandLine().getErr());
    }

    /** An edit in JSON. */
    record Edited(String file, boolean written, List<String> difference, ReloadText.Told daemon) {}

    ParameterException usage(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    /** Takes {@code key=value}, in their order. */
    Map<String, String> keys(List<String> words) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String word : words) {
            int sign = word.indexOf('=');
            if (sign < 1) {
                throw usage("'" + word + "': write KEY=VALUE");
            }
            if (keys.put(word.substring(0, sign), word.substring(sign + 1)) != null) {
                throw usage("'" + word.substring(0, sign) + "' is there twice");
            }
        }
        return keys;
    }

    /** {@code mon node add NAME KEY=VALUE...}. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Add a node to merlin.conf, and have the running daemon go by it, with no restart of anybody. Keys are those of a node's",
                "section, and 'type': poller (default), peer or master. A poller needs hostgroups. The other masters need the same."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  mon node add poller3 hostgroups=emea,dmz address=10.1.2.3",
                "  mon node add poller4 hostgroups=cellar connect=no   # it dials us: NAT",
                "  mon node add monitor2 type=peer address=monitor2.example.org"
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:added; applied, if a daemon runs",
                "1:there is such a node, or the file cannot be written",
                "64:usage",
                "78:the file is wrong or would be, or the daemon refuses it"
            })
    static final class AddCommand extends NodeEditCommands {
        @Parameters(index = "0", paramLabel = "NAME", description = "Its name, as in its certificate.")
        private String name;

        @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "What its section says.")
        private List<String> words = List.of();

        AddCommand(CliContext context) {
            super(context);
        }

        @Override
        List<String> words() {
            return words;
        }

        @Override
        Optional<String> make(ConfEdit edit) {
            if (!ConfText.isNodeName(name)) {
                throw usage("'" + name + "' is no node name: " + ConfText.nodeNameRule());
            }
            Map<String, String> keys = keys(words);
            NodeRole role = role(Optional.ofNullable(keys.remove("type")).orElse("poller"));
            if (edit.has(name)) {
                return Optional.of("there is a node '" + name + "' already: mon node edit " + name + " KEY=VALUE");
            }
            if (keys.containsValue("")) {
                throw usage("a key without a value: leave it out");
            }
            edit.change(text -> text.with(role, name, keys));
            return Optional.empty();
        }

        @Override
        int obstacleStatus() {
            return ExitStatus.FAILED;
        }

        private NodeRole role(String word) {
            return List.of(NodeRole.values()).stream()
                    .filter(role -> role.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> usage("type=" + word + ": a type is master, peer or poller"));
        }
    }

    /** {@code mon node remove NAME...}. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = {
                "Remove nodes from merlin.conf, and have the running daemon go by it, with no restart of anybody. What is still owed to them is",
                "dropped, and told. Stop them first: who is removed and runs on goes on by itself. The other masters need the same."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:removed; applied, if a daemon runs",
                "1:the file cannot be written",
                "64:usage, or no such node",
                "78:the file is wrong or would be, or the daemon refuses it"
            })
    static final class RemoveCommand extends NodeEditCommands {
        @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names, as in merlin.conf.")
        private List<String> names;

        RemoveCommand(CliContext context) {
            super(context);
        }

        @Override
        Optional<String> make(ConfEdit edit) {
            for (String name : names) {
                if (!edit.has(name)) {
                    return Optional.of("there is no node '" + name + "'");
                }
                edit.change(text -> text.without(name));
            }
            return Optional.empty();
        }
    }

    /** {@code mon node edit NAME KEY=VALUE...}. */
    @Command(
            name = "edit",
            mixinStandardHelpOptions = true,
            description = {
                "Change a node's section of merlin.conf, and have the running daemon go by it, with no restart of anybody. KEY= takes a key",
                "out. Links stay, but for one that we dialled and whose address changes."
            },
            footerHeading = "%nExample:%n",
            footer = "  mon node edit poller3 hostgroups=emea,dmz,apac takeover=",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:changed; applied, if a daemon runs",
                "1:the file cannot be written",
                "64:usage, or no such node",
                "78:the file is wrong or would be, or the daemon refuses it"
            })
    static final class EditCommand extends NodeEditCommands {
        @Parameters(index = "0", paramLabel = "NAME", description = "Its name, as in merlin.conf.")
        private String name;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE", description = "What changes.")
        private List<String> words;

        EditCommand(CliContext context) {
            super(context);
        }

        @Override
        List<String> words() {
            return words;
        }

        @Override
        Optional<String> make(ConfEdit edit) {
            Map<String, String> keys = keys(words);
            if (keys.containsKey("type")) {
                throw usage("a node's type cannot be edited: remove it, and add it anew");
            }
            if (!edit.has(name)) {
                return Optional.of("there is no node '" + name + "'");
            }
            edit.change(text -> text.edited(name, keys));
            return Optional.empty();
        }
    }
}
