package org.merlin.module.quartz.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.merlin.protocol.node.NameOrder;

/** Where an object configuration stands: one file, or all {@code *.cfg} below a folder, sorted by the bytes of their paths. */
public final class ObjectFiles {
    private static final String SUFFIX = ".cfg";

    private ObjectFiles() {}

    /**
     * One of its files.
     *
     * @param name what problems call it: its place below the folder, or its own name
     */
    record Source(Path path, String name) {}

    /** Whether there is anything: a file or folder with at least one byte of configuration in it. */
    public static boolean isThere(Path place) throws IOException {
        try {
            for (Source source : find(place)) {
                if (Files.size(source.path()) > 0) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Whether there is a file, or a folder with at least one. */
    public static boolean areThere(Path place) throws IOException {
        try {
            return !find(place).isEmpty();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Its files, in the order in which they are read. Links to files, and the folder's own, are followed; links to
     * folders below it are not.
     *
     * @throws NoSuchFileException if there is neither file nor folder
     */
    static List<Source> find(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            if (!Files.exists(place)) {
                throw new NoSuchFileException(place.toString());
            }
            return List.of(new Source(place, place.getFileName().toString()));
        }
        Path folder = place.toRealPath(); // a link to it is the operator's, or a switch between two
        try (Stream<Path> below = Files.walk(folder)) {
            return below.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(Path::toString, NameOrder.BYTEWISE))
                    .map(file -> new Source(file, folder.relativize(file).toString()))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
