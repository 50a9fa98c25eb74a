package org.merlin.protocol.oconf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.node.NameOrder;

/**
 * The files of an object configuration, those and in that order which the C original hashes, so that both agree on the SHA-1:
 *
 * <ul>
 *   <li>of the main configuration itself the lines that begin with {@code cfg_file=} and {@code cfg_dir=}, without blanks around
 *       the {@code =}; files that it includes are not looked at, and it is not hashed itself;
 *   <li>relative names are below the folder in which the main configuration really lies, links followed;
 *   <li>of a folder all regular files whose names end in {@code .cfg}, hidden ones and linked ones too, and of its folders and
 *       their folders, linked ones too, but not deeper;
 *   <li>sorted by the bytes of their full names, folders' names with links followed; a file that is named twice counts twice.
 * </ul>
 *
 * <p>What cannot be read is an error here, where the original passes it over: the scheduler refuses it as well, and a user who
 * may not read a file would be told a wrong hash. Immutable; the contents are read when they are asked for.
 */
public final class ConfigFiles {
    /** A {@code cfg_dir}, its folders, and theirs. */
    private static final int FOLDERS_DEEP = 3;

    private static final int CHUNK_BYTES = 1 << 16;
    private static final String FILE = "cfg_file=";
    private static final String FOLDER = "cfg_dir=";
    private static final Comparator<Path> BY_NAME = Comparator.comparing(Path::toString, NameOrder.BYTEWISE);

    private final List<Path> files;

    private ConfigFiles(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /**
     * Finds them.
     *
     * @param mainFile {@code nagios.cfg} or {@code naemon.cfg}
     * @throws IOException if it or a folder cannot be read, with the line that names it
     */
    public static ConfigFiles of(Path mainFile) throws IOException {
        Path real;
        String[] lines;
        try {
            real = mainFile.toRealPath();
            lines = Files.readString(real, StandardCharsets.ISO_8859_1).split("\n");
        } catch (IOException e) {
            throw unreadable(mainFile.toString(), e);
        }
        List<Path> found = new ArrayList<>();
        for (int number = 1; number <= lines.length; number++) {
            String line = withoutTrailingBlanks(lines[number - 1]);
            String place = mainFile + ":" + number + ": " + line;
            if (line.startsWith(FILE)) {
                found.add(path(place, real, line.substring(FILE.length())));
            } else if (line.startsWith(FOLDER)) {
                collect(place, path(place, real, line.substring(FOLDER.length())), 1, found);
            }
        }
        found.sort(BY_NAME);
        return new ConfigFiles(found);
    }

    /**
     * Those of the embedded scheduler: one file, or all {@code *.cfg} below a folder, sorted by their full names. Links to files are
     * followed, links to folders are not.
     *
     * @throws IOException if there is neither, or it cannot be read
     */
    public static ConfigFiles at(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            if (!Files.exists(place)) {
                throw unreadable(place.toString(), new NoSuchFileException(place.toString()));
            }
            return new ConfigFiles(List.of(place));
        }
        try (Stream<Path> below = Files.walk(place)) {
            return new ConfigFiles(below.filter(file -> file.toString().endsWith(".cfg"))
                    .filter(Files::isRegularFile)
                    .sorted(BY_NAME)
                    .toList());
        } catch (UncheckedIOException e) {
            throw unreadable(place.toString(), e.getCause());
        } catch (IOException e) {
            throw unreadable(place.toString(), e);
        }
    }

    /** Hash and newest time of a configuration that may be unreadable: then nothing is known. */
    public static ConfigStamp stampOf(Path mainFile) {
        try {
            return of(mainFile).stamp();
        } catch (IOException e) {
            return ConfigStamp.UNKNOWN;
        }
    }

    /** Their names are UTF-8, whatever the rest of the main configuration is. */
    private static Path path(String place, Path mainFile, String name) throws IOException {
        String text = new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        try {
            return mainFile.resolveSibling(text).normalize();
        } catch (InvalidPathException e) {
            throw new IOException(place + ": is no name of a file in this locale, see LC_ALL: " + e.getReason(), e);
        }
    }

    private static void collect(String place, Path folder, int depth, List<Path> into) throws IOException {
        try {
            Path real = folder.toRealPath();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(real)) {
                for (Path entry : entries) {
                    if (Files.isDirectory(entry)) {
                        if (depth < FOLDERS_DEEP) {
                            collect(place, entry, depth + 1, into);
                        }
                    } else if (entry.toString().endsWith(".cfg") && Files.isRegularFile(entry)) {
                        into.add(entry);
                    }
                }
            }
        } catch (UnreadableException e) {
            throw e;
        } catch (DirectoryIteratorException e) {
            throw unreadable(place + ": " + folder, e.getCause());
        } catch (IOException e) {
            throw unreadable(place + ": " + folder, e);
        }
    }

    private static String withoutTrailingBlanks(String line) {
        int end = line.length();
        while (end > 0
                && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) >= '\t' && line.charAt(end - 1) <= '\r')) {
            end--;
        }
        return line.substring(0, end);
    }

    /** With a message for people. */
    private static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message, IOException cause) {
            super(message, cause);
        }
    }

    private static UnreadableException unreadable(String what, IOException why) {
        String reason = why instanceof NoSuchFileException
                ? "is not there"
                : "cannot be read (" + why.getClass().getSimpleName().replace("Exception", "") + ": " + why.getMessage()
                        + ")";
        return new UnreadableException(what + " " + reason, why);
    }

    /** Full names, sorted by their bytes; a file that is named twice is there twice. */
    public List<Path> files() {
        return files;
    }

    /**
     * SHA-1 over the contents of all, one after another, as 40 hex digits.
     *
     * @throws IOException if one cannot be read, with its name
     */
    public String sha1() throws IOException {
        MessageDigest sha1 = DigestUtils.getSha1Digest();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    sha1.update(chunk, 0, read);
                }
            } catch (IOException e) {
                throw unreadable(file.toString(), e);
            }
        }
        return Hex.encodeHexString(sha1.digest());
    }

    /**
     * Newest modification time, in whole seconds since 1970; 0 if there is no file.
     *
     * @throws IOException if that of one cannot be read, with its name
     */
    public long newestMtimeSeconds() throws IOException {
        long newest = 0;
        for (Path file : files) {
            try {
                newest = Math.max(
                        newest, Math.floorDiv(Files.getLastModifiedTime(file).toMillis(), 1_000L));
            } catch (IOException e) {
                throw unreadable(file.toString(), e);
            }
        }
        return newest;
    }

    /**
     * Both.
     *
     * @throws IOException if a file cannot be read, with its name
     */
    public ConfigStamp stamp() throws IOException {
        return new ConfigStamp(sha1(), newestMtimeSeconds());
    }
}
