package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.merlin.daemon.sink.Batch;
import org.merlin.daemon.sink.RowMaker;
import org.merlin.daemon.sink.Table;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.wire.StreamId;

/**
 * Writes batches: many rows a statement, all that happened and the progress that it makes in one transaction, which ends with the proof
 * that nobody has taken over meanwhile. How things stand goes over a second connection at the same time and is committed before: a
 * state that is ahead of the progress is written again. Writing a batch twice changes nothing. Confined to the sink's thread.
 */
public final class SqlWriter {
    /** A flexible downtime that nothing began within this time of its end is forgotten: what came late has come. */
    private static final long UNUSED_MICROS = TimeUnit.DAYS.toMicros(30);

    private static final long PASS_MICROS = TimeUnit.SECONDS.toMicros(1);

    /** Types of report_data for a downtime that runs and is deleted. */
    private static final String STOP_ROW =
            "INSERT INTO report_data (origin, epoch, sequence, part, timestamp, happened, event_type, host_name,"
                    + " service_description, state, hard, retry, downtime_depth, output, long_output)"
                    + " SELECT origin, epoch, sequence, " + RowMaker.OF_DOWNTIME_STOP + ", ?, ?, "
                    + RowMaker.DOWNTIME_STOP
                    + ", host_name, service_description, 0, 0, 0, 0, text, '' FROM downtime"
                    + " WHERE origin = ? AND epoch = ? AND sequence = ? AND phase = 1"
                    + " ON DUPLICATE KEY UPDATE part = report_data.part";

    private final Connection connection;
    private final Fence fence;
    private final boolean reportData;
    private final Runnable onProgress;
    private long passedMicros;
    private final ManyRows rows;
    private final SideWriter side;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    /**
     * Writes over two connections, which both stay the caller's.
     *
     * @param beside for {@link SideWriter#TABLES}
     * @param onProgress called each time that the database has done something
     */
    public SqlWriter(Connection connection, Connection beside, Fence fence, boolean reportData, Runnable onProgress)
            throws SQLException {
        this.rows = new ManyRows(connection);
        this.side = new SideWriter(beside, fence);
        this.connection = connection;
        this.fence = fence;
        this.reportData = reportData;
        this.onProgress = onProgress;
    }

    /**
     * Writes a batch; all of it is there afterwards, or nothing.
     *
     * @throws Fence.LostException if another node has taken over; nothing was written
     */
    public void write(Batch batch, long nowMicros) throws SQLException, Fence.LostException {
        SideWriter.Pending beside = side.begin(batch);
        try {
            for (Table table : Table.values()) {
                if (!SideWriter.TABLES.contains(table)) {
                    rows.insert(table, batch.rows(table));
                    onProgress.run();
                }
            }
            for (Batch.Begun begun : batch.begun()) {
                begin(begun);
            }
            for (Batch.Over over : batch.over()) {
                update(
                        "UPDATE acknowledgement SET is_set = 0 WHERE host_name = ? AND service_description = ?"
                                + " AND entry_time <= ?",
                        over.object().host(),
                        over.object().service(),
                        RowMaker.time(over.atMicros()));
            }
            for (Batch.Gone gone : batch.gone()) {
                remove(gone);
            }
            forgetDeleted(batch);
            if (nowMicros - passedMicros >= PASS_MICROS || batch.hasDowntimes() || nowMicros < passedMicros) {
                passTime(Math.min(nowMicros, batch.asOfMicros()));
                passedMicros = nowMicros;
            }
            beside.await(connection);
            fence.prove(connection, Fence.EVENTS);
            connection.commit();
        } catch (SQLException | Fence.LostException e) {
            rollback();
            beside.end();
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

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    private int update(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepare(sql);
        for (int i = 0; i < values.length; i++) {
            ManyRows.set(statement, i + 1, values[i]);
        }
        return statement.executeUpdate();
    }

    private void begin(Batch.Begun begun) throws SQLException {
        update(
                "UPDATE downtime SET fixed = 1, start_time = ?, end_time = ? WHERE origin = ? AND epoch = ? AND sequence = ?"
                        + " AND phase = 0 AND fixed = 0",
                RowMaker.ofSeconds(begun.startSeconds()),
                RowMaker.ofSeconds(begun.endSeconds()),
                begun.name().origin(),
                Integer.toUnsignedLong(begun.name().epoch()),
                begun.name().sequence());
    }

    private void remove(Batch.Gone gone) throws SQLException {
        EventName name = gone.name();
        Object[] key = {name.origin(), Integer.toUnsignedLong(name.epoch()), name.sequence()};
        if (gone.kind() == Deletion.Kind.COMMENT) {
            update("DELETE FROM comment WHERE origin = ? AND epoch = ? AND sequence = ?", key);
            return;
        }
        if (reportData) {
            update(STOP_ROW, gone.atMicros() / 1_000_000, RowMaker.time(gone.atMicros()), key[0], key[1], key[2]);
        }
        update("DELETE FROM downtime WHERE origin = ? AND epoch = ? AND sequence = ?", key);
    }

    /** What was deleted before it came. */
    private void forgetDeleted(Batch batch) throws SQLException {
        for (Table table : List.of(Table.COMMENT, Table.DOWNTIME)) {
            if (!batch.rows(table).isEmpty()) {
                update(
                        "DELETE FROM " + table.title() + " WHERE EXISTS (SELECT 1 FROM deleted WHERE kind = ?"
                                + " AND deleted.origin = " + table.title() + ".origin AND deleted.epoch = "
                                + table.title()
                                + ".epoch AND deleted.sequence = " + table.title() + ".sequence)",
                        (table == Table.COMMENT ? Deletion.Kind.COMMENT : Deletion.Kind.DOWNTIME).ordinal());
            }
        }
    }

    /** Downtimes whose time has come begin; what has an end, and whose end has come, is over. */
    private void passTime(long nowMicros) throws SQLException {
        update("DELETE FROM comment WHERE expires <= ?", RowMaker.time(nowMicros));
        update("UPDATE acknowledgement SET is_set = 0 WHERE is_set = 1 AND expires <= ?", RowMaker.time(nowMicros));
        pass(0, "start_time", RowMaker.OF_DOWNTIME_START, RowMaker.DOWNTIME_START, 1, nowMicros);
        pass(1, "end_time", RowMaker.OF_DOWNTIME_STOP, RowMaker.DOWNTIME_STOP, 0, nowMicros);
        update(
                "DELETE FROM downtime WHERE phase = 2 OR (fixed = 0 AND end_time < ?)",
                RowMaker.time(nowMicros - UNUSED_MICROS));
    }

    private void pass(int phase, String time, int part, int type, int depth, long nowMicros) throws SQLException {
        if (reportData) {
            update(
                    "INSERT INTO report_data (origin, epoch, sequence, part, timestamp, happened, event_type, host_name,"
                            + " service_description, state, hard, retry, downtime_depth, output, long_output)"
                            + " SELECT origin, epoch, sequence, " + part + ", " + SECONDS_OF + "(" + time + "), " + time
                            + ", " + type + ", host_name, service_description, 0, 0, 0, " + depth + ", text, ''"
                            + " FROM downtime WHERE phase = " + phase + " AND fixed = 1 AND " + time + " <= ?"
                            + " ON DUPLICATE KEY UPDATE part = report_data.part",
                    RowMaker.time(nowMicros));
        }
        update(
                "UPDATE downtime SET phase = " + (phase + 1) + " WHERE phase = " + phase + " AND fixed = 1 AND " + time
                        + " <= ?",
                RowMaker.time(nowMicros));
    }

    private static final String SECONDS_OF = "UNIX_TIMESTAMP";

    /** How far each scheduler's run was written. */
    public Map<StreamId, Long> progress() throws SQLException {
        Map<StreamId, Long> progress = new HashMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT origin, epoch, sequence FROM sink_progress");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                progress.put(new StreamId(rows.getLong(1), (int) rows.getLong(2)), rows.getLong(3));
            }
        }
        connection.commit();
        return progress;
    }

    /** Objects that flap, by what was written last. */
    public Set<MonitoredObject> flapping() throws SQLException {
        Set<MonitoredObject> flapping = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT host_name, service_description FROM object_state WHERE is_flapping = 1");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                flapping.add(new MonitoredObject(rows.getString(1), rows.getString(2)));
            }
        }
        connection.commit();
        return flapping;
    }

    /** Objects whose problem is acknowledged, and whether until it is over. */
    public Map<MonitoredObject, Boolean> acknowledged() throws SQLException {
        Map<MonitoredObject, Boolean> acknowledged = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT host_name, service_description, sticky FROM acknowledgement WHERE is_set = 1");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                acknowledged.put(new MonitoredObject(rows.getString(1), rows.getString(2)), rows.getInt(3) == 1);
            }
        }
        connection.commit();
        return acknowledged;
    }

    /** Flexible downtimes that no problem has begun yet. */
    public Map<EventName, RowMaker.Waiting> waiting() throws SQLException {
        Map<EventName, RowMaker.Waiting> waiting = new HashMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT origin, epoch, sequence, host_name, service_description, "
                                + SECONDS_OF + "(start_time), " + SECONDS_OF
                                + "(end_time), duration FROM downtime WHERE fixed = 0 AND phase = 0");
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                waiting.put(
                        new EventName(rows.getLong(1), (int) rows.getLong(2), rows.getLong(3)),
                        new RowMaker.Waiting(
                                new MonitoredObject(rows.getString(4), rows.getString(5)),
                                rows.getLong(6),
                                rows.getLong(7),
                                rows.getLong(8)));
            }
        }
        connection.commit();
        return waiting;
    }

    /** Lets go of its statements. */
    public void close() {
        side.close();
        rows.close();
        ManyRows.close(prepared.values());
        prepared.clear();
    }
}
