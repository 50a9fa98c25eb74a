package org.merlin.daemon.sink.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.merlin.daemon.sink.HistoryException;

/** Which node writes, and whether it lives; for people. */
public final class SqlLease {
    private static final long PAUSE_MILLIS = 250;
    private static final long LEAST_MILLIS = 1_000;
    private static final long MOST_MILLIS = 15_000;

    private SqlLease() {}

    /**
     * The lease, looked at for a while.
     *
     * @param holder node that writes; empty if the last one gave it back
     * @param fence grows with each takeover
     * @param beat grows while the writer lives
     * @param moving whether it has grown while we looked
     * @param lookedSeconds for how long we did
     */
    public record View(String holder, long fence, long beat, boolean moving, double lookedSeconds) {}

    /**
     * Looks until the beat has moved, for a little longer than a living writer takes: a fifth of the failover timeout.
     *
     * @throws HistoryException if the database cannot be reached, or has no lease
     */
    public static View look(SqlSession session, Duration failoverTimeout) throws HistoryException {
        long patience = Math.min(MOST_MILLIS, LEAST_MILLIS + failoverTimeout.toMillis() / 5);
        long begin = System.nanoTime();
        Fence.Lease first = lease(session);
        Fence.Lease last = first;
        long looked = 0;
        while (!first.holder().isEmpty() && last.equals(first) && looked < patience) {
            SqlSession.pause(PAUSE_MILLIS);
            last = lease(session);
            looked = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        }
        return new View(last.holder(), last.fence(), last.beat(), !last.equals(first), looked / 1e3);
    }

    private static Fence.Lease lease(SqlSession session) throws HistoryException {
        return session.run(connection -> Fence.look(connection)
                .orElseThrow(
                        () -> new SQLException("the table sink_lease has no row: somebody emptied it; mon db check")));
    }
}
