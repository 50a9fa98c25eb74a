package org.merlin.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.merlin.confsync.generation.FilePaths;
import org.merlin.protocol.conf.ConfException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon oconf show} and {@code export}: the files that the daemon keeps of a generation. */
abstract sealed class OconfKeptCommands implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "GENERATION",
            description = "The first digits of its hash, as 'mon oconf history' shows them.")
    private String generation;

    private OconfKeptCommands(CliContext context) {
        this.context = context;
    }

    /** Does it with the list of files. */
    abstract int with(JsonNode list, AdminClient daemon) throws IOException;

    @Override
    public Integer call() throws IOException, ConfException {
        AdminClient daemon = context.daemon();
        JsonNode list = AdminClient.mapper().readTree(daemon.ask("oconf-files " + AdminClient.word(generation)));
        return AnswerError.is(list) ? AnswerError.tell(list, spec, false) : with(list, daemon);
    }

    int complain(int status, String what) {
        spec.commandLine().getErr().println("mon: " + what);
        return status;
    }

    /** Writes a file's content out; returns the exit status. */
    int copy(AdminClient daemon, JsonNode list, String path, OutputStream out) throws IOException {
        long at = 0;
        long total = Long.MAX_VALUE;
        while (at < total) {
            JsonNode piece = AdminClient.mapper()
                    .readTree(daemon.ask("oconf-file " + list.path("generation").asText() + " " + at + " " + path));
            if (AnswerError.is(piece)) {
                return AnswerError.tell(piece, spec, false);
            }
            byte[] bytes = piece.path("base64").binaryValue();
            out.write(bytes);
            at += bytes.length;
            total = bytes.length == 0 ? at : piece.path("total").asLong();
        }
        return ExitStatus.OK;
    }

    /** {@code mon oconf show GENERATION [FILE]}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description =
                    "The files of a generation that this node runs, has run or keeps, with their sizes; or one of them.",
            footerHeading = "%nExample:%n",
            footer = "  mon oconf show 3f2a && mon oconf show 3f2a hosts.cfg",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:shown",
                "3:it is not here any more, or this node takes no part",
                "64:usage, or no such generation or file",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class ShowCommand extends OconfKeptCommands {
        @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "Print this file, as it is.")
        private String file = "";

        @Option(
                names = {"-o", "--output"},
                description = "Of the list: text (default) or json.",
                defaultValue = "text")
        private OutputFormat format;

        ShowCommand(CliContext context) {
            super(context);
        }

        @Override
        int with(JsonNode list, AdminClient daemon) throws IOException {
            if (!file.isEmpty()) {
                int status = copy(daemon, list, file.replace('\n', ' '), System.out);
                System.out.flush();
                return status;
            }
            PrintWriter out = super.spec.commandLine().getOut();
            if (format == OutputFormat.json) {
                out.println(Json.pretty(list));
                return ExitStatus.OK;
            }
            for (JsonNode one : list.path("files")) {
                out.printf(
                        "%9d  %s%s%s%n",
                        one.path("bytes").asLong(),
                        one.path("path").asText(),
                        one.path("executable").asBoolean() ? " (a program)" : "",
                        one.path("here").asBoolean() ? "" : " (its content is not here any more)");
            }
            return ExitStatus.OK;
        }
    }

    /** {@code mon oconf export GENERATION --output DIR}. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = {
                "Write the files of a generation that this node runs, has run or keeps into a new or empty folder, for instance to merge changes",
                "that were put aside. What 'sync' in merlin.conf added lies in folders +NAME (for all) and =NAME (for peers). Others may not read it."
            },
            footerHeading = "%nExample:%n",
            footer = "  mon oconf export 3f2a --output /tmp/mine && diff -r /tmp/mine /etc/nagios4/conf.d",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:written",
                "1:it cannot be written",
                "3:it is not here any more, or this node takes no part; nothing was written",
                "64:usage, no such generation, or the folder is not empty",
                "69:no daemon answers",
                "78:bad configuration"
            })
    static final class ExportCommand extends OconfKeptCommands {
        @Option(names = "--output", required = true, paramLabel = "DIR", description = "A new or an empty folder.")
        private Path output;

        ExportCommand(CliContext context) {
            super(context);
        }

        @Override
        int with(JsonNode list, AdminClient daemon) throws IOException {
            for (JsonNode file : list.path("files")) {
                String path = file.path("path").asText();
                if (!file.path("here").asBoolean()) {
                    return complain(
                            ExitStatus.UNKNOWN,
                            "the content of " + path + " is not here any more: nothing was written");
                }
                if (FilePaths.objection(path).isPresent()) {
                    return complain(
                            ExitStatus.UNKNOWN,
                            path + ": " + FilePaths.objection(path).get());
                }
            }
            if (!isFree()) {
                return complain(ExitStatus.USAGE, output + " is no empty folder: name a new or an empty one");
            }
            if (!Files.exists(output)) {
                Files.createDirectories(
                        output, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            for (JsonNode file : list.path("files")) {
                int status = write(daemon, list, file);
                if (status != ExitStatus.OK) {
                    return status;
                }
            }
            super.spec
                    .commandLine()
                    .getOut()
                    .println(output + ": " + list.path("files").size() + " files");
            return ExitStatus.OK;
        }

        private boolean isFree() throws IOException {
            if (!Files.isDirectory(output)) {
                return !Files.exists(output);
            }
            try (Stream<Path> held = Files.list(output)) {
                return held.findAny().isEmpty();
            }
        }

        private int write(AdminClient daemon, JsonNode list, JsonNode file) throws IOException {
            Path to = output.resolve(file.path("path").asText());
            Files.createDirectories(to.getParent());
            Files.createFile(
                    to,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(
                            file.path("executable").asBoolean() ? "rwx------" : "rw-------")));
            try (OutputStream out = Files.newOutputStream(to)) {
                return copy(daemon, list, file.path("path").asText(), out);
            }
        }
    }
}
