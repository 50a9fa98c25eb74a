package org.merlin.tests.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Passes TCP connections on to a port of this machine, until it is cut: then nothing passes and nobody is let in; or until it is
 * stalled one way: then connections stay open and are let in, and what is said that way waits.
 */
public final class CutableProxy implements AutoCloseable {
    private static final int NARROW_BYTES = 8192;
    private static final int WIDE_BYTES = 256 * 1024;

    private final ServerSocket server;
    private final int bufferBytes;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final Gate toTarget = new Gate();
    private final Gate toCaller = new Gate();
    private volatile boolean cut;

    /** Lets bytes of one way pass, or wait. */
    private static final class Gate {
        private boolean shut;
        private long left = Long.MAX_VALUE;

        synchronized void shut(boolean now) {
            shut = now;
            left = Long.MAX_VALUE;
            notifyAll();
        }

        synchronized void shutAfter(long bytes) {
            left = bytes;
        }

        synchronized void passed(int bytes) {
            left -= bytes;
            shut = shut || left <= 0;
        }

        synchronized boolean isShut() {
            return shut;
        }

        synchronized void pass() throws InterruptedException {
            while (shut) {
                wait();
            }
        }
    }

    /** One that takes little while it is stalled, and passes some 10 MB/s. */
    public CutableProxy(int target) throws IOException {
        this(target, NARROW_BYTES);
    }

    /** One that is no slower than the path it stands for. */
    public static CutableProxy wide(int target) throws IOException {
        return new CutableProxy(target, WIDE_BYTES);
    }

    private CutableProxy(int target, int bufferBytes) throws IOException {
        this.target = target;
        this.bufferBytes = bufferBytes;
        this.server = new ServerSocket();
        server.setReceiveBufferSize(bufferBytes);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        daemonThread(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public void cut() {
        cut = true;
        open.forEach(CutableProxy::closeQuietly);
        open.clear();
    }

    /**
     * Lets nothing pass one way.
     *
     * @param towardsCaller whether what the target says waits; else what callers say
     */
    public void stall(boolean towardsCaller) {
        (towardsCaller ? toCaller : toTarget).shut(true);
    }

    /** Lets nothing pass towards the target once about so many more bytes have passed. */
    public void stallAfter(long bytes) {
        toTarget.shutAfter(bytes);
    }

    /** Whether what callers say waits. */
    public boolean isStalled() {
        return toTarget.isShut();
    }

    public void heal() {
        cut = false;
        toCaller.shut(false);
        toTarget.shut(false);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket in = server.accept();
                if (cut) {
                    in.close();
                    continue;
                }
                Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
                in.setTcpNoDelay(true);
                out.setTcpNoDelay(true);
                open.add(in);
                open.add(out);
                daemonThread(() -> pass(in, out, toTarget));
                daemonThread(() -> pass(out, in, toCaller));
            } catch (IOException e) {
                // the target is not there, or we are closed: the loop's condition tells
            }
        }
    }

    private void pass(Socket from, Socket to, Gate gate) {
        byte[] some = new byte[bufferBytes];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                gate.pass();
                out.write(some, 0, read);
                gate.passed(read);
            }
            gate.pass(); // an end is not heard before what was said
        } catch (IOException e) {
            // one side has gone, and the other follows
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeQuietly(from);
        closeQuietly(to);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed is closed
        }
    }

    private static void daemonThread(Runnable task) {
        Thread thread = new Thread(task, "cutable-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        heal();
        cut();
    }
}
