package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.oconf.ConfigFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mon oconf hash}, {@code changed} and {@code files}: what the nodes know the object files by. They need no daemon. */
abstract sealed class OconfFilesCommands implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private final SchedulerFileOptions options;

    @Option(
            names = {"-o", "--output"},
            description = "text (default) or json.",
            defaultValue = "text")
    private OutputFormat format;

    private OconfFilesCommands(CliContext context) {
        options = new SchedulerFileOptions(context);
    }

    @Override
    public Integer call() throws IOException, ConfException {
        ConfigFiles files = options.files().objects();
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.json) {
            out.println(Json.pretty(json(files)));
        } else {
            lines(files).forEach(out::println);
        }
        return ExitStatus.OK;
    }

    abstract List<String> lines(ConfigFiles files) throws IOException;

    abstract Object json(ConfigFiles files) throws IOException;

    /** {@code mon oconf hash}. */
    @Command(
            name = "hash",
            mixinStandardHelpOptions = true,
            description = {
                "Print the SHA-1 of the object files, as the C original computes it: of the contents of all cfg_file and of *.cfg in",
                "cfg_dir, two folders deep, sorted by their full names. Needs no running daemon."
            },
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {"0:printed", "1:a file cannot be read", "64:usage", "78:bad configuration"})
    static final class HashCommand extends OconfFilesCommands {
        HashCommand(CliContext context) {
            super(context);
        }

        /** In JSON. */
        record Hash(String sha1) {}

        @Override
        List<String> lines(ConfigFiles files) throws IOException {
            return List.of(files.sha1());
        }

        @Override
        Object json(ConfigFiles files) throws IOException {
            return new Hash(files.sha1());
        }
    }

    /** {@code mon oconf changed}. */
    @Command(
            name = "changed",
            mixinStandardHelpOptions = true,
            description =
                    "Print the newest modification time of the object files, in seconds since 1970; 0 if there are none.",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {"0:printed", "1:a file cannot be read", "64:usage", "78:bad configuration"})
    static final class ChangedCommand extends OconfFilesCommands {
        ChangedCommand(CliContext context) {
            super(context);
        }

        /** In JSON. */
        record Changed(long newestMtimeSeconds) {}

        @Override
        List<String> lines(ConfigFiles files) throws IOException {
            return List.of(Long.toString(files.newestMtimeSeconds()));
        }

        @Override
        Object json(ConfigFiles files) throws IOException {
            return new Changed(files.newestMtimeSeconds());
        }
    }

    /** {@code mon oconf files}. */
    @Command(
            name = "files",
            mixinStandardHelpOptions = true,
            description = "Print the names of the object files, in the order in which they are hashed.",
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {"0:printed", "1:a folder cannot be read", "64:usage", "78:bad configuration"})
    static final class FilesCommand extends OconfFilesCommands {
        FilesCommand(CliContext context) {
            super(context);
        }

        @Override
        List<String> lines(ConfigFiles files) {
            return files.files().stream().map(Path::toString).toList();
        }

        @Override
        Object json(ConfigFiles files) {
            return lines(files);
        }
    }
}
