package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.merlin.daemon.sink.Batch;
import org.merlin.daemon.sink.Table;

/**
 * Writes a batch's rows that do not mind being written ahead of its progress, at the same time as the others, over a connection and on
 * a thread of its own; each batch is a transaction that proves the lease. Used by the sink's thread.
 */
final class SideWriter {
    /** What it writes: newer rows replace older ones, or are named by their event. */
    static final Set<Table> TABLES = Set.of(Table.STATE, Table.PERFDATA);

    private static final long LOOK_MILLIS = 500;

    private final Connection connection;
    private final Fence fence;
    private final ManyRows rows;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "merlin-sink-states");
        made.setDaemon(true);
        return made;
    });

    SideWriter(Connection connection, Fence fence) throws SQLException {
        this.connection = connection;
        this.fence = fence;
        this.rows = new ManyRows(connection);
    }

    /** Rows that are on their way. */
    final class Pending {
        private final Future<?> done;

        private Pending(Future<?> done) {
            this.done = done;
        }

        /**
         * Waits until they are committed.
         *
         * @param other connection with a transaction that waits for them: it is used now and then, so that the server does not end it as frozen
         */
        void await(Connection other) throws SQLException, Fence.LostException {
            while (true) {
                try {
                    done.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    try (Statement statement = other.createStatement()) {
                        statement.execute("SELECT 1");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new SQLException("interrupted", e);
                } catch (ExecutionException e) {
                    throw cause(e);
                }
            }
        }

        private SQLException cause(ExecutionException e) throws Fence.LostException {
            if (e.getCause() instanceof Fence.LostException lost) {
                throw lost;
            }
            return e.getCause() instanceof SQLException trouble ? trouble : new SQLException(e.getCause());
        }

        /** Waits until they are committed or rolled back: the next batch begins anew. */
        void end() {
            boolean interrupted = false;
            while (!done.isDone()) {
                try {
                    done.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    break; // what the caller throws came first
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Begins to write; one batch at a time. */
    Pending begin(Batch batch) {
        return new Pending(thread.submit(() -> {
            write(batch);
            return null;
        }));
    }

    private void write(Batch batch) throws SQLException, Fence.LostException {
        boolean empty = TABLES.stream().allMatch(table -> batch.rows(table).isEmpty());
        if (empty) {
            return;
        }
        try {
            for (Table table : TABLES) {
                rows.insert(table, batch.rows(table));
            }
            fence.prove(connection, Fence.STATES);
            connection.commit();
        } catch (SQLException | Fence.LostException e) {
            rollback();
            throw e;
        }
    }

    private void rollback() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // it is broken: the caller connects anew
        }
    }

    /** Lets go of its statements and its thread. */
    void close() {
        thread.shutdown();
        rows.close();
    }
}
