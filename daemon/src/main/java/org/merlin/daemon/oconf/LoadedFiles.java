package org.merlin.daemon.oconf;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.node.NameOrder;
import org.merlin.protocol.oconf.ConfigFiles;

/** The object files that a scheduler reads when it starts. Stateless. */
final class LoadedFiles {
    private LoadedFiles() {}

    /**
     * SHA-1 of what is there now, as our module computes it when the scheduler starts.
     *
     * @param main of Nagios and Naemon; empty for the embedded scheduler
     */
    static String sha1(MerlinConf conf, Optional<Path> main) throws IOException {
        if (main.isPresent()) {
            return ConfigFiles.of(main.get()).sha1();
        }
        MessageDigest sha1 = DigestUtils.getSha1Digest();
        for (Path file : embeddedFiles(conf)) {
            sha1.update(Files.readAllBytes(file));
        }
        return Hex.encodeHexString(sha1.digest());
    }

    /** All object files of the embedded scheduler, one after another. */
    static InputStream embedded(MerlinConf conf) throws IOException {
        List<InputStream> all = new ArrayList<>();
        for (Path file : embeddedFiles(conf)) {
            all.add(Files.newInputStream(file));
            all.add(new ByteArrayInputStream("\n".getBytes(StandardCharsets.US_ASCII)));
        }
        return new SequenceInputStream(Collections.enumeration(all));
    }

    private static List<Path> embeddedFiles(MerlinConf conf) throws IOException {
        Path objects = conf.scheduler().objects();
        if (!Files.isDirectory(objects)) {
            return List.of(objects);
        }
        try (Stream<Path> files = Files.walk(objects)) {
            return files.filter(file -> file.toString().endsWith(".cfg") && Files.isRegularFile(file))
                    .sorted(Comparator.comparing(Path::toString, NameOrder.BYTEWISE))
                    .toList();
        }
    }
}
