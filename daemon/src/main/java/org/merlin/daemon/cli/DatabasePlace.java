package org.merlin.daemon.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.net.CommandNames;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
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

    /** Nobody answers there; {@code mon} ends with status 69. */
    static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(HistoryException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** The libraries below say nothing from now on. */
    static void silenceLibraries() {
        LIBRARIES.forEach(name -> ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.OFF));
    }

    /** Reads merlin.conf, and has the libraries below be silent: commands tell troubles in words of their own. */
    static DatabasePlace of(CliContext context) throws ConfException, NoneException {
        silenceLibraries();
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

    /** The same; {@code mon} ends with status 69 where that fails. */
    SqlSession answering() throws NoAnswerException {
        try {
            return open();
        } catch (HistoryException e) {
            throw new NoAnswerException(e);
        }
    }

    /** The same as {@link #open}; an embedded one is made where there is none. */
    SqlSession create() throws HistoryException {
        return connect(names -> SqlSession.create(conf, folder, names));
    }

    private SqlSession connect(Opener opener) throws HistoryException {
        try (CommandNames names = new CommandNames(resolvers)) {
            return opener.open(names);
        }
    }
}
