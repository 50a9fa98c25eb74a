package org.merlin.daemon.oconf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.merlin.confsync.objects.MainCommands;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Splitter;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.oconf.ConfigFiles;

/**
 * Where our scheduler's objects are: its files, and what it has loaded of them. Reads files when asked; any thread.
 *
 * @param known how the scheduler was started; empty if none has run here yet
 */
record ObjectSource(MerlinConf conf, Optional<KnownScheduler> known) {
    private static final byte[] LINE_END = "\n".getBytes(StandardCharsets.US_ASCII);

    /** The main configuration file of Nagios and Naemon; empty for the embedded scheduler. */
    Optional<Path> mainFile() {
        return conf.oconf().schedulerConfig().or(() -> known.flatMap(KnownScheduler::mainFile));
    }

    /** SHA-1 of the files that are there now, as our module computes it when the scheduler starts. */
    String sha1() throws IOException {
        Optional<Path> main = mainFile();
        return (main.isPresent()
                        ? ConfigFiles.of(main.get())
                        : ConfigFiles.at(conf.scheduler().objects()))
                .sha1();
    }

    /** Cuts parts out of what the scheduler has loaded. */
    Splitter loaded() throws IOException, ObjectFile.SyntaxException {
        Optional<Path> main = mainFile();
        if (main.isEmpty()) {
            try (InputStream in = embedded()) {
                return Splitter.read(conf.scheduler().objects().toString(), in, List.of());
            }
        }
        return of(
                main.get(),
                MainFile.read(main.get())
                        .path("object_cache_file")
                        .orElseThrow(() -> new IOException(
                                main.get() + " sets no object_cache_file: pollers' parts are cut out of it")));
    }

    /** Cuts parts out of an object cache. */
    static Splitter of(Path main, Path cache) throws IOException, ObjectFile.SyntaxException {
        try (InputStream in = Files.newInputStream(cache)) {
            return Splitter.read(
                    cache.toString(), in, MainCommands.in(MainFile.read(main).lines()));
        }
    }

    private InputStream embedded() throws IOException {
        List<InputStream> all = new ArrayList<>();
        for (Path file : ConfigFiles.at(conf.scheduler().objects()).files()) {
            all.add(Files.newInputStream(file));
            all.add(new ByteArrayInputStream(LINE_END));
        }
        return new SequenceInputStream(Collections.enumeration(all));
    }
}
