package org.merlin.module.nagios;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.merlin.module.BrokerModule;
import org.merlin.module.Memory;
import org.merlin.module.WarmUp;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.time.NanoClock;

/**
 * A module that starts without a scheduler and ends at once: for a JVM that writes an archive of the classes that it used. A program
 * of its own, which {@code mon module install} runs.
 */
public final class Training {
    private static final String CONF = """
            node_name = training;
            state_dir = %1$s/state;
            ipc_socket = %1$s/socket;
            peer other {
              address = 127.0.0.1;
            }
            poller site {
              address = 127.0.0.1;
              hostgroup = site;
            }
            """;

    private Training() {}

    public static void main(String[] arguments) throws IOException, ConfException {
        Path folder = Files.createTempDirectory("merlin-training");
        try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            daemon.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
            Path file = Files.writeString(folder.resolve("merlin.conf"), CONF.formatted(folder));
            MerlinConf conf = MerlinConf.load(file);
            Layout.of("nagios 4.4.6").orElseThrow().forShim();
            new WarmUp().run();
            BrokerModule module =
                    BrokerModule.start(conf, port(), Memory.NONE, new int[2], Clock.systemUTC(), NanoClock.SYSTEM);
            try (SocketChannel link = daemon.accept()) {
                module.onLoaded();
                module.onTurn(NanoClock.SYSTEM.nanos());
                module.memory().get();
                link.shutdownOutput();
            }
            module.close();
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** A scheduler with one host and one service, which does nothing. */
    private static SchedulerPort port() {
        List<LoadedObjects.Entry> entries = new ArrayList<>();
        entries.add(new LoadedObjects.Entry(MonitoredObject.ofHost("host"), List.of("site")));
        entries.add(new LoadedObjects.Entry(MonitoredObject.ofService("host", "service"), List.of("site")));
        LoadedObjects objects = new LoadedObjects(entries, new ConfigStamp("0".repeat(40), 1));
        return (SchedulerPort) Proxy.newProxyInstance(
                Training.class.getClassLoader(), new Class<?>[] {SchedulerPort.class}, (proxy, method, given) -> {
                    Class<?> type = method.getReturnType();
                    if (type == LoadedObjects.class) {
                        return objects;
                    }
                    if (type == String.class) {
                        return "training";
                    }
                    return type == boolean.class ? false : type == long.class ? 0L : OptionalLong.empty();
                });
    }
}
