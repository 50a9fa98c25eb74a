package org.merlin.tests.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small disk of its own, in memory, of which others take a part. For root alone. */
public final class SmallDisk implements AutoCloseable {
    private static final int MIB = 1 << 20;

    private final Path folder;

    /** Mounts it over an empty folder. */
    public SmallDisk(Path folder, int mebibytes) throws IOException {
        this.folder = folder;
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
    }

    /** Why none can be mounted here, and what to do; empty if one can. */
    public static String missing(Path folder) {
        try {
            new SmallDisk(folder, 1).close();
            return "";
        } catch (IOException e) {
            return "no disk can be mounted here: run the tests as root (" + e.getMessage() + ")";
        }
    }

    public Path folder() {
        return folder;
    }

    public int freeMebibytes() throws IOException {
        return (int) (Files.getFileStore(folder).getUsableSpace() / MIB);
    }

    /** Takes room. */
    public void othersWrite(int mebibytes) throws IOException {
        Files.write(folder.resolve("others"), new byte[mebibytes * MIB]);
    }

    /** Gives it back. */
    public void othersDelete() throws IOException {
        Files.delete(folder.resolve("others"));
    }

    private static void run(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", words) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", words) + " was interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        run("umount", folder.toString());
    }
}
