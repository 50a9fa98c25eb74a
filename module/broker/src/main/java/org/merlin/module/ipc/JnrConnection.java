package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/** By jnr-unixsocket: blocking calls that the kernel bounds by its own timeouts. */
final class JnrConnection implements Connection {
    /** jnr makes an array as large as the room for each read, so the room grows and shrinks with what comes. */
    private static final int LEAST_READ_BYTES = 4 * 1024;

    private static final int MOST_READ_BYTES = 256 * 1024;

    private final UnixSocketChannel channel;
    private int readBytes = LEAST_READ_BYTES;

    private JnrConnection(UnixSocketChannel channel) {
        this.channel = channel;
    }

    static JnrConnection open(Path socket) throws IOException {
        UnixSocketChannel channel = UnixSocketChannel.open();
        try {
            channel.setOption(UnixSocketOptions.SO_RCVTIMEO, READ_MILLIS);
            channel.setOption(UnixSocketOptions.SO_SNDTIMEO, WRITE_MILLIS);
            if (!channel.connect(new UnixSocketAddress(socket.toString()))) {
                throw new IOException("the connection to " + socket + " is still pending");
            }
            return new JnrConnection(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int limit = into.limit();
        int room = Math.min(into.remaining(), readBytes);
        into.limit(into.position() + room);
        try {
            int read = channel.read(into);
            if (read == room) {
                readBytes = Math.min(MOST_READ_BYTES, 2 * readBytes);
            } else if (read < room / 4) {
                readBytes = Math.max(LEAST_READ_BYTES, readBytes / 2);
            }
            return read;
        } finally {
            into.limit(limit);
        }
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    @Override
    public void shutdown() {
        try {
            channel.shutdownInput();
            channel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            return; // the other side was faster
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // nothing more can be done with it
        }
    }
}
