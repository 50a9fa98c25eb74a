package org.merlin.daemon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlBulk;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.MerlinConf;

/** Somebody who writes all the time, 100 rows in a transaction, fifty times a second, and notes how long each took: a thread of its own. */
final class BesideWriter implements AutoCloseable {
    private static final int ROWS = 100;
    private static final long PAUSE_NANOS = 20_000_000L;
    private static final int LATER = 1_000 * MadeUpYear.DAY;

    private final SqlSession session;
    private final YearRows rows;
    private final SqlBulk bulk;
    private final List<Double> millis = new ArrayList<>();
    private Optional<HistoryException> trouble = Optional.empty();
    private int second = LATER;

    /** What goes on beside it. */
    @FunctionalInterface
    interface Work {
        void run() throws HistoryException, InterruptedException;
    }

    /** How long transactions took. */
    record Waits(int transactions, double p50Ms, double p99Ms, double maxMs) {}

    private BesideWriter(SqlSession session, int services) {
        this.session = session;
        this.bulk = new SqlBulk(session);
        this.rows = new YearRows(bulk, services, 2);
    }

    static BesideWriter start(MerlinConf.Database conf, Path folder, int services) throws HistoryException {
        return new BesideWriter(SqlSession.create(conf, folder, BenchReports.NAMES), services);
    }

    /** Writes as long as something takes. */
    void during(Work work) throws IOException, HistoryException {
        millis.clear();
        Thread thread = new Thread(this::write, "merlin-bench-writer");
        thread.start();
        try {
            work.run();
            thread.interrupt();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            thread.interrupt();
        }
        if (trouble.isPresent()) {
            throw trouble.get();
        }
    }

    private void write() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long begun = System.nanoTime();
                for (int row = 0; row < ROWS; row++) {
                    rows.check(row, second++, 1, true, 1);
                }
                bulk.flush();
                millis.add((System.nanoTime() - begun) / 1e6);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (HistoryException e) {
            trouble = Optional.of(e);
        }
    }

    /** How long it took; called when nobody writes. */
    Waits waits() {
        List<Double> sorted = new ArrayList<>(millis);
        sorted.sort(Comparator.naturalOrder());
        return sorted.isEmpty()
                ? new Waits(0, 0, 0, 0)
                : new Waits(sorted.size(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(List<Double> sorted, double part) {
        return BenchReport.rounded(sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part)));
    }

    @Override
    public void close() {
        session.close();
    }
}
