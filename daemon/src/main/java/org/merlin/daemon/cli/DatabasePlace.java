package org.merlin.daemon.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.net.Names;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.LoggerFactory;

/**
 * Where merlin.conf says that the database is.
 *
 * @param folder of an embedded one
 * @param resolvers servers that know the names of a domain
 */
record DatabasePlace(MerlinConf.Database conf, Path folder, List<MerlinConf.Resolver> resolvers) {
    private static final List<String> LIBRARIES =
            List.of("com.zaxxer.hikari", "org.flywaydb", "org.mariadb", "io.netty");

    /** There is none; {@code mon} ends with status 3. */
    static final class NoneException extends IOException {
        private static final long serialVersionUID = 1L;

        NoneException(Path file) {
            super(file + " has no section database");
        }
    }

    /** Reads merlin.conf, and has the libraries below be silent: commands tell troubles in words of their own. */
    static DatabasePlace of(CliContext context) throws ConfException, NoneException {
        LIBRARIES.forEach(name -> ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.OFF));
        MerlinConf conf = context.conf();
        return new DatabasePlace(
                conf.database().orElseThrow(() -> new NoneException(context.file())),
                conf.stateDir().resolve("database"),
                conf.resolvers());
    }

    private interface Opener {
        SqlSession open(HostNames names) throws HistoryException;
    }

    /** Connects with a database that is there. */
    SqlSession open() throws HistoryException {
        return connect(names -> SqlSession.open(conf, folder, names));
    }

    /** The same; an embedded one is made where there is none. */
    SqlSession create() throws HistoryException {
        return connect(names -> SqlSession.create(conf, folder, names));
    }

    private SqlSession connect(Opener opener) throws HistoryException {
        if (resolvers.isEmpty()) {
            return opener.open(DatabasePlace::ofThisMachine);
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (Names names = new Names(resolvers, loop.next(), NanoClock.SYSTEM, new Random())) {
            return opener.open(names);
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
    }

    private static List<InetSocketAddress> ofThisMachine(String host, int port) throws UnknownHostException {
        return Stream.of(InetAddress.getAllByName(host))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }
}
