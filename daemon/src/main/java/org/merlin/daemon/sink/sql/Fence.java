package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Which of several nodes writes into a database that they share. One row, the lease, names the writer and its fence, a number that
 * grows with each takeover, and has a beat that the writer raises. A node takes over by one conditional UPDATE when it has seen no
 * beat for a time, by its own clock; no time is ever compared between machines. Each transaction of data ends with an UPDATE of a
 * row that holds the fence: of two transactions on different nodes of a Galera cluster that change one row only one is certified, so
 * a writer that was overtaken, however long it slept, commits nothing. Taken, given and lost
 * on the sink's thread, raised on the beat's, proven on each writer's, each with a connection of its own.
 */
public final class Fence {
    /** Slots: transactions over different connections change different rows, and need not wait for each other. */
    static final int EVENTS = 0;

    static final int STATES = 1;
    private static final int SLOTS = 2;

    private final String node;
    private volatile long fence = -1;

    /** Another node writes by now. */
    public static final class LostException extends Exception {
        private static final long serialVersionUID = 1;

        LostException() {
            super("another node has taken over");
        }
    }

    /**
     * The lease as it stands.
     *
     * @param holder node that writes; empty if the last one gave it back
     */
    public record Lease(String holder, long fence, long beat) {}

    public Fence(String node) {
        this.node = node;
    }

    /** Whether this node writes, as far as it knows. */
    public boolean held() {
        return fence >= 0;
    }

    /** Looks. */
    public static Optional<Lease> look(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT holder, fence, beat FROM sink_lease WHERE id = 1");
                ResultSet rows = statement.executeQuery()) {
            Optional<Lease> lease = rows.next()
                    ? Optional.of(new Lease(rows.getString(1), rows.getLong(2), rows.getLong(3)))
                    : Optional.empty();
            connection.commit();
            return lease;
        }
    }

    /**
     * Takes over from what was seen, if it is still so.
     *
     * @return whether this node writes from now on
     */
    public boolean take(Connection connection, Lease seen) throws SQLException {
        long next = seen.fence() + 1;
        try (PreparedStatement lease = connection.prepareStatement(
                        "UPDATE sink_lease SET holder = ?, fence = ?, beat = beat + 1 WHERE id = 1 AND fence = ? AND beat = ?");
                PreparedStatement slot = connection.prepareStatement("UPDATE sink_fence SET fence = ?, n = n + 1")) {
            lease.setString(1, node);
            lease.setLong(2, next);
            lease.setLong(3, seen.fence());
            lease.setLong(4, seen.beat());
            slot.setLong(1, next);
            boolean taken = lease.executeUpdate() == 1 && slot.executeUpdate() == SLOTS;
            if (taken) {
                connection.commit();
                fence = next;
            } else {
                connection.rollback();
            }
            return taken;
        }
    }

    /**
     * Shows that this node lives.
     *
     * @return false if it does not write any more
     */
    public boolean beat(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE sink_lease SET beat = beat + 1 WHERE id = 1 AND fence = ?")) {
            statement.setLong(1, fence);
            boolean held = statement.executeUpdate() == 1;
            connection.commit();
            return held;
        }
    }

    /** Gives the lease back, so that another node need not wait. */
    public void give(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE sink_lease SET holder = '', beat = beat + 1 WHERE id = 1 AND fence = ?")) {
            statement.setLong(1, fence);
            statement.executeUpdate();
            connection.commit();
        } finally {
            fence = -1;
        }
    }

    void lose() {
        fence = -1;
    }

    /** The last statement of a transaction: one row, or nothing of it counts. Each slot is one thread's. */
    void prove(Connection connection, int slot) throws SQLException, LostException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE sink_fence SET n = n + 1 WHERE slot = ? AND fence = ?")) {
            statement.setInt(1, slot);
            statement.setLong(2, fence);
            if (statement.executeUpdate() != 1) {
                throw new LostException();
            }
        }
    }
}
