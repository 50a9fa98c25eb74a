package org.merlin.module.nagios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.merlin.protocol.node.ConfigStamp;

/**
 * The object configuration's files: those of {@code cfg_file} lines and all {@code *.cfg} below {@code cfg_dir} folders. Their
 * contents, sorted by full path, make the hash; the C original does it so (reference: its documentation of config sync).
 */
final class ConfigFiles {
    private static final int DEEPEST = 4;

    private ConfigFiles() {}

    /** Hash and newest time; unknown if a file cannot be read. */
    static ConfigStamp stamp(Path mainFile) {
        try {
            MessageDigest sha1 = DigestUtils.getSha1Digest();
            long newest = 0;
            for (Path file : files(mainFile)) {
                sha1.update(Files.readAllBytes(file));
                newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis() / 1000);
            }
            return new ConfigStamp(Hex.encodeHexString(sha1.digest()), newest);
        } catch (IOException e) {
            return ConfigStamp.UNKNOWN;
        }
    }

    static List<Path> files(Path mainFile) throws IOException {
        TreeSet<Path> files = new TreeSet<>(Comparator.comparing(Path::toString));
        for (String line : Files.readAllLines(mainFile)) {
            String[] words = line.strip().split("\\s*=\\s*", 2);
            if (words.length < 2) {
                continue;
            }
            Path path = mainFile.toAbsolutePath().resolveSibling(words[1].strip());
            if (words[0].equals("cfg_file")) {
                files.add(path);
            } else if (words[0].equals("cfg_dir")) {
                try (Stream<Path> below = Files.walk(path, DEEPEST)) {
                    below.filter(file -> file.toString().endsWith(".cfg"))
                            .filter(Files::isRegularFile)
                            .forEach(files::add);
                }
            }
        }
        return new ArrayList<>(files);
    }
}
