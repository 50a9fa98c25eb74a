package org.merlin.module.quartz.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes every check that starts, one line each, written at once so that it outlives a kill:
 * {@code startMillis TAB dueMillis TAB node TAB host;service}. For audits; it grows without bound. Any thread.
 */
public final class RunLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

    private final Optional<FileChannel> file;
    private final String node;
    private volatile boolean broken;

    private RunLog(Optional<FileChannel> file, String node) {
        this.file = file;
        this.node = node;
    }

    /** Opens it; where no path is given nothing is noted. */
    public static RunLog open(Optional<Path> path, String node) throws IOException {
        return new RunLog(
                path.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                FileChannel.open(path.get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)),
                node);
    }

    void started(long startMillis, long dueMillis, String object) {
        if (file.isEmpty()) {
            return;
        }
        String line = startMillis + "\t" + dueMillis + "\t" + node + "\t" + object + "\n";
        try {
            file.get().write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            broken = false;
        } catch (IOException e) {
            if (!broken) {
                LOG.warn("MRL-3013 the run log cannot be written, starts are not noted until it can: {}", e.toString());
            }
            broken = true;
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
