package org.merlin.module.quartz.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
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
    private static final long LAST_LINES_MILLIS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(CommandPipe.class);

    /** Our own last line, which nobody else can know. */
    private final String end = UUID.randomUUID().toString();

    private final Path path;
    private final FileChannel channel;
    /** Another opening of the pipe: a channel does not write while it waits for something to read. */
    private final FileChannel knock;

    private final Consumer<List<String>> sink;
    private final Thread reader = new Thread(this::read, "command-pipe");
    private volatile boolean closing;

    private CommandPipe(Path path, FileChannel channel, FileChannel knock, Consumer<List<String>> sink) {
        this.path = path;
        this.channel = channel;
        this.knock = knock;
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
        CommandPipe pipe = new CommandPipe(path, both(path), both(path), sink);
        pipe.reader.setDaemon(true);
        pipe.reader.start();
        return pipe;
    }

    private static FileChannel both(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void read() {
        LineCutter lines = new LineCutter();
        ByteBuffer bytes = ByteBuffer.allocateDirect(READ_BYTES);
        try {
            while (channel.read(bytes) >= 0) {
                bytes.flip();
                List<String> whole = lines.cut(bytes);
                bytes.clear();
                if (closing && whole.contains(end)) {
                    sink.accept(whole.subList(0, whole.indexOf(end)));
                    return;
                }
                if (!whole.isEmpty()) {
                    sink.accept(whole);
                }
            }
        } catch (ClosedChannelException e) {
            LOG.debug("command pipe {} closed", path);
        } catch (IOException e) {
            LOG.error("MRL-3014 command pipe {} cannot be read; no commands are taken until a restart", path, e);
        }
    }

    /** Takes what has been written before this, then nothing more. */
    @Override
    public void close() throws IOException {
        if (closing) {
            return;
        }
        closing = true;
        try {
            // what the pipe holds is lost with its last open end: so we read up to a line of our own
            knock.write(ByteBuffer.wrap(("\n" + end + "\n").getBytes(StandardCharsets.UTF_8)));
            reader.join(LAST_LINES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            knock.close();
            channel.close();
        }
    }
}
