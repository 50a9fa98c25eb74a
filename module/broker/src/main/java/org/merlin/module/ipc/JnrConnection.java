package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/** By jnr-unixsocket: blocking calls that the kernel bounds by its own timeouts. */
final class JnrConnection implements Connection {
    private final UnixSocketChannel channel;

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
        return channel.read(into);
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
