package org.merlin.daemon.sink.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.merlin.daemon.names.HostNames;
import org.merlin.daemon.sink.Batch;
import org.merlin.daemon.sink.History;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * A session with a database: one connection for what happened, one for how things stand, one for the lease's beat, which a thread of its own raises as long as the
 * sink's thread gets on.
 */
public final class SqlHistory implements History {
    private static final int TRIES = 20;
    private static final int BEATS = 5;
    private static final int BEAT_THREADS = 3;
    /**
     * A statement that gets no answer ends after ten seconds, one that cannot be sent does not end: nothing bounds a write to a socket but
     * the kernel's patience of a quarter of an hour. After this time connections are let go of. Five statements are on their way at most.
     */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final MerlinConf.Database conf;
    private final SqlServer server;
    private final Connection data;
    private final Connection states;
    private final Connection beats;
    private final Fence fence;
    private final String node;
    private final NanoClock clock;
    private final LongSupplier wallMicros;
    private final SqlWriter writer;
    private final SqlPurge purge = new SqlPurge(false);
    private final ScheduledExecutorService beat;
    private volatile long aliveNanos;
    private volatile boolean lost;
    private boolean letGo; // of connections that are stuck; the watching task's
    private boolean broken;
    private Optional<Fence.Lease> seen = Optional.empty();
    private long seenNanos;
    private String holder = "";

    private SqlHistory(
            MerlinConf.Database conf,
            SqlServer server,
            Connection data,
            Connection states,
            Connection beats,
            String node,
            NanoClock clock,
            LongSupplier wallMicros)
            throws SQLException {
        this.conf = conf;
        this.server = server;
        this.data = data;
        this.states = states;
        this.beats = beats;
        this.node = node;
        this.clock = clock;
        this.wallMicros = wallMicros;
        this.fence = new Fence(node);
        this.writer = new SqlWriter(data, states, fence, conf.reportData(), () -> aliveNanos = clock.nanos());
        this.aliveNanos = clock.nanos();
        this.beat = Executors.newScheduledThreadPool(BEAT_THREADS, task -> {
            Thread thread = new Thread(task, "merlin-sink-beat");
            thread.setDaemon(true);
            return thread;
        });
        long period = conf.failoverTimeout().toMillis() / BEATS;
        beat.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
        beat.scheduleWithFixedDelay(this::letGoOfWhatIsStuck, period, period, TimeUnit.MILLISECONDS);
    }

    /** The same by names that this machine itself resolves. */
    public static SqlHistory open(
            MerlinConf.Database conf, Path folder, String node, NanoClock clock, LongSupplier wallMicros)
            throws HistoryException {
        return open(conf, folder, node, conf.hosts(), clock, wallMicros);
    }

    /**
     * Connects, and brings the schema up to date.
     *
     * @param folder where an embedded database lies
     * @param names finds the servers' addresses, anew each time
     * @throws HistoryException if that fails
     */
    public static SqlHistory open(
            MerlinConf.Database conf,
            Path folder,
            String node,
            HostNames names,
            NanoClock clock,
            LongSupplier wallMicros)
            throws HistoryException {
        return open(conf, folder, node, Addresses.of(conf, names), clock, wallMicros);
    }

    private static SqlHistory open(
            MerlinConf.Database conf,
            Path folder,
            String node,
            List<String> hosts,
            NanoClock clock,
            LongSupplier wallMicros)
            throws HistoryException {
        SqlServer server = SqlServer.open(conf, folder, hosts);
        try {
            server.migrate();
            return new SqlHistory(
                    conf, server, server.connect(), server.connect(), server.connect(), node, clock, wallMicros);
        } catch (SQLException e) {
            server.close();
            throw SqlTrouble.of(e);
        }
    }

    /** Raises the beat, unless the sink's thread hangs: then another node is to take over. */
    private void beat() {
        boolean hangs = clock.nanos() - aliveNanos > conf.failoverTimeout().toNanos() / 2;
        if (!fence.held() || lost || hangs) {
            return;
        }
        try {
            lost = !fence.beat(beats);
        } catch (SQLException e) {
            lost = true; // the sink's thread connects anew, and sees
        }
    }

    /** Beside the beat, which waits for an answer over the same path; each by a thread, since the driver asks the server first. */
    private void letGoOfWhatIsStuck() {
        if (!letGo && fence.held() && clock.nanos() - aliveNanos > STUCK_NANOS) {
            letGo = true;
            List.of(data, states).forEach(connection -> beat.execute(() -> abandon(connection)));
        }
    }

    @Override
    public boolean hold() throws HistoryException {
        aliveNanos = clock.nanos();
        if (fence.held()) {
            if (lost) {
                fence.lose();
                throw new HistoryException(HistoryException.Kind.AWAY, "the lease could not be kept", null);
            }
            return true;
        }
        try {
            Fence.Lease lease = Fence.look(data)
                    .orElseThrow(() -> new SQLException(
                            "the table sink_lease has no row: it was emptied by somebody; mon db check"));
            holder = lease.holder();
            if (!seen.equals(Optional.of(lease))) {
                seen = Optional.of(lease);
                seenNanos = clock.nanos();
            }
            boolean silent = clock.nanos() - seenNanos >= conf.failoverTimeout().toNanos();
            boolean free = lease.holder().isEmpty() || lease.holder().equals(node);
            boolean taken = (free || silent) && fence.take(data, lease);
            holder = taken ? node : holder;
            lost = false;
            return taken;
        } catch (SQLException e) {
            throw trouble(e);
        }
    }

    @Override
    public String holder() {
        return holder;
    }

    @Override
    public List<String> warnings() throws HistoryException {
        try {
            boolean embedded = conf.type() == MerlinConf.Database.Type.EMBEDDED;
            List<SqlCheck.Finding> findings = new ArrayList<>();
            if (!embedded) { // which has this machine's clock, and nothing to be set
                findings.add(ServerCheck.clock(data, false, wallMicros));
                findings.addAll(ServerCheck.settings(data));
                data.commit();
            }
            return findings.stream()
                    .filter(finding -> finding.severity() != SqlCheck.Severity.OK)
                    .map(SqlCheck.Finding::what)
                    .toList();
        } catch (SQLException e) {
            throw trouble(e);
        }
    }

    @Override
    public Past past() throws HistoryException {
        try {
            return new Past(writer.progress(), writer.flapping(), writer.waiting(), writer.acknowledged());
        } catch (SQLException e) {
            throw trouble(e);
        }
    }

    @Override
    public void write(Batch batch) throws HistoryException {
        for (int i = 1; ; i++) {
            aliveNanos = clock.nanos();
            try {
                writer.write(batch, wallMicros.getAsLong());
                return;
            } catch (Fence.LostException e) {
                fence.lose();
                throw new HistoryException(HistoryException.Kind.OVERTAKEN, e.getMessage(), e);
            } catch (SQLException e) {
                HistoryException trouble = trouble(e);
                if (trouble.kind() != HistoryException.Kind.AGAIN || i == TRIES) {
                    throw trouble;
                }
            }
        }
    }

    @Override
    public boolean purge(long beforeSeconds) throws HistoryException {
        aliveNanos = clock.nanos();
        try {
            return purge.step(data, beforeSeconds);
        } catch (SQLException e) {
            throw trouble(e);
        }
    }

    @Override
    public void give() {
        if (fence.held()) {
            try {
                fence.give(data);
            } catch (SQLException e) {
                // whoever takes over waits for the beat instead
            }
        }
    }

    @Override
    public void close() {
        beat.shutdownNow();
        if (broken) {
            List.of(data, states, beats).forEach(SqlHistory::abandon);
        }
        writer.close();
        try {
            data.close();
            states.close();
            beats.close();
        } catch (SQLException e) {
            // it was broken
        }
        server.close();
    }

    private HistoryException trouble(SQLException e) {
        HistoryException trouble = SqlTrouble.of(e);
        broken = broken || trouble.kind() == HistoryException.Kind.AWAY;
        return trouble;
    }

    /** Without a word to the server, for whose answer, or for another one's, the driver would wait. */
    private static void abandon(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // it is closed next
        }
    }
}
