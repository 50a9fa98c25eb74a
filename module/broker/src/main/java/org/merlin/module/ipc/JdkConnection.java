package org.merlin.module.ipc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** By the JDK's own channel: without native code of others. */
final class JdkConnection implements Connection {
    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;

    private JdkConnection(SocketChannel channel, Selector readable, Selector writable) {
        this.channel = channel;
        this.readable = readable;
        this.writable = writable;
    }

    static JdkConnection open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("the connection to " + socket + " is still pending");
            }
            Selector readable = Selector.open();
            Selector writable = Selector.open();
            channel.register(readable, SelectionKey.OP_READ);
            channel.register(writable, SelectionKey.OP_WRITE);
            return new JdkConnection(channel, readable, writable);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int read = channel.read(into);
        if (read == 0 && await(readable, READ_MILLIS)) {
            read = channel.read(into);
        }
        return read;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int written = channel.write(from);
        if (written == 0 && from.hasRemaining() && await(writable, WRITE_MILLIS)) {
            written = channel.write(from);
        }
        return written;
    }

    private static boolean await(Selector selector, int millis) throws IOException {
        try {
            boolean ready = selector.select(millis) > 0;
            selector.selectedKeys().clear();
            return ready;
        } catch (ClosedSelectorException e) {
            throw new IOException("the connection was closed", e);
        }
    }

    @Override
    public void shutdown() {
        try {
            channel.shutdownInput();
            channel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            return; // the other side was faster
        } finally {
            readable.wakeup();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            readable.close();
            writable.close();
        } catch (IOException e) {
            return; // nothing more can be done with it
        }
    }
}
