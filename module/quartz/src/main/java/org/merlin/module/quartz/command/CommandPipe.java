package org.merlin.module.quartz.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named pipe that takes external commands, one per line. Open for reading and writing, so that it never ends when a writer
 * goes. Read by a thread of its own; who takes the lines may wait, and then the writers do.
 */
public final class CommandPipe implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;
    private static final String MODE = "0660";
    private static final int FORMAT_MASK = 0170000;
    private static final int FIFO = 0010000;

    private static final Logger LOG = LoggerFactory.getLogger(CommandPipe.class);

    private final Path path;
    private final FileChannel channel;
    private final Consumer<List<String>> sink;
    private final Thread reader = new Thread(this::read, "command-pipe");

    private CommandPipe(Path path, FileChannel channel, Consumer<List<String>> sink) {
        this.path = path;
        this.channel = channel;
        this.sink = sink;
    }

    /**
     * Makes the pipe where it is not there yet.
     *
     * @throws IOException if it cannot be made, or something else is in its place
     */
    public static void make(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            mkfifo(path);
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode");
        if ((mode & FORMAT_MASK) != FIFO) {
            throw new IOException(path + " is there and is no named pipe; remove it, or name another command_pipe");
        }
    }

    private static void mkfifo(Path path) throws IOException {
        Process process = new ProcessBuilder("mkfifo", "-m", MODE, path.toString())
                .redirectErrorStream(true)
                .start();
        try (var output = process.getInputStream()) {
            byte[] said = output.readAllBytes();
            if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the named pipe " + path + " could not be made: " + new String(said).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making " + path, e);
        }
    }

    /**
     * Begins to read.
     *
     * @param sink takes whole lines, without their ends, many at once
     */
    public static CommandPipe open(Path path, Consumer<List<String>> sink) throws IOException {
        make(path);
        CommandPipe pipe =
                new CommandPipe(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), sink);
        pipe.reader.setDaemon(true);
        pipe.reader.start();
        return pipe;
    }

    private void read() {
        LineCutter lines = new LineCutter();
        ByteBuffer bytes = ByteBuffer.allocateDirect(READ_BYTES);
        try {
            while (channel.read(bytes) >= 0) {
                bytes.flip();
                List<String> whole = lines.cut(bytes);
                bytes.clear();
                if (!whole.isEmpty()) {
                    sink.accept(whole);
                }
            }
        } catch (ClosedChannelException e) {
            LOG.debug("command pipe {} closed", path);
        } catch (IOException e) {
            LOG.error("command pipe {} cannot be read any more; commands are not taken until a restart", path, e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
