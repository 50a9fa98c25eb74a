package org.merlin.daemon.ipc;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.net.ChannelLink;
import org.merlin.daemon.ops.Journal;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/** The Unix socket on which our module connects. On the cluster loop. */
public final class ModuleSocket implements AutoCloseable {
    private final UnixServer server;

    private ModuleSocket(UnixServer server) {
        this.server = server;
    }

    /**
     * Listens.
     *
     * @throws IOException if it cannot, saying why
     */
    public static ModuleSocket open(
            MerlinConf.Ipc ipc, Cluster cluster, EventLoopGroup loop, NanoClock clock, Journal journal)
            throws IOException {
        return new ModuleSocket(UnixServer.bind(ipc.socket(), ipc.group(), loop, journal, (channel, pid) -> {
            ChannelLink link = new ChannelLink(clock, false, "module", pid);
            channel.pipeline().addLast(link);
            link.listener(cluster.onModuleAccepted(link, clock.nanos()));
        }));
    }

    @Override
    public void close() {
        server.close();
    }
}
