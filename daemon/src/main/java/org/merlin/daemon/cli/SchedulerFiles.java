package org.merlin.daemon.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.merlin.confsync.objects.MainCommands;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Splitter;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.ConfProblem;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.oconf.ConfigFiles;

/**
 * Where the objects of this node's scheduler are: the main configuration of Nagios or Naemon by {@code --nagios-cfg} or
 * {@code scheduler_config}, else the embedded scheduler's files.
 */
final class SchedulerFiles {
    private final CliContext context;

    SchedulerFiles(CliContext context) {
        this.context = context;
    }

    /** The main configuration, if there is one. Reads merlin.conf only where no option names it. */
    Optional<Path> main() throws ConfException {
        return context.nagiosCfg().isPresent()
                ? context.nagiosCfg()
                : context.conf().oconf().schedulerConfig();
    }

    /**
     * The files that make the hash.
     *
     * @throws ConfException if nothing says where they are
     */
    ConfigFiles objects() throws ConfException, IOException {
        Optional<Path> main = main();
        return main.isPresent() ? ConfigFiles.of(main.get()) : ConfigFiles.at(embedded());
    }

    /** Newest time of these files; empty where nothing says which they are. */
    OptionalLong newestMtimeSeconds() throws ConfException, IOException {
        boolean known =
                main().isPresent() || Files.exists(context.conf().scheduler().objects());
        return known ? OptionalLong.of(objects().newestMtimeSeconds()) : OptionalLong.empty();
    }

    private Path embedded() throws ConfException {
        MerlinConf conf = context.conf();
        Path objects = conf.scheduler().objects();
        if (!Files.exists(objects)) {
            throw problem(
                    context.file(),
                    "there is no scheduler_config, and no " + objects
                            + " of an embedded scheduler: set scheduler_config," + " or give --nagios-cfg=FILE");
        }
        return objects;
    }

    /**
     * What parts are cut out of: {@code --object-cache}, else the cache that the main configuration names, else the embedded
     * scheduler's files.
     */
    Splitter splitter() throws ConfException, IOException, ObjectFile.SyntaxException {
        Optional<Path> main = main();
        List<String> commands = main.isPresent() ? List.copyOf(MainCommands.in(lines(main.get()))) : List.of();
        Splitter.Reading reading = new Splitter.Reading();
        for (Path file : source(main)) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                reading.add(file.toString(), in);
            } catch (NoSuchFileException e) {
                throw new IOException(
                        file
                                + " is not there: the scheduler writes it when it starts; --object-cache=FILE names another",
                        e);
            }
        }
        return reading.splitter(commands);
    }

    private List<Path> source(Optional<Path> main) throws ConfException, IOException {
        if (context.objectCache().isPresent()) {
            return List.of(context.objectCache().get());
        }
        return main.isPresent()
                ? List.of(cache(main.get()))
                : ConfigFiles.at(embedded()).files();
    }

    /** The cache that a main configuration names; the last line counts, as for the scheduler. */
    private static Path cache(Path main) throws ConfException, IOException {
        return lines(main).stream()
                .filter(line -> line.startsWith("object_cache_file="))
                .map(line -> line.substring(line.indexOf('=') + 1).strip())
                .reduce((first, second) -> second)
                .map(value -> main.toAbsolutePath().resolveSibling(value))
                .orElseThrow(() -> problem(main, "there is no object_cache_file: set it, or give --object-cache=FILE"));
    }

    private static List<String> lines(Path main) throws IOException {
        try {
            return Files.readString(main, StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(String::strip)
                    .toList();
        } catch (NoSuchFileException e) {
            throw new IOException(main + " is not there", e);
        }
    }

    private static ConfException problem(Path file, String text) {
        return new ConfException(List.of(new ConfProblem(file.toString(), 0, true, text)));
    }
}
