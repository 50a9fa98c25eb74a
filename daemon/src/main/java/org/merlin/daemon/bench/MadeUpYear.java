package org.merlin.daemon.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;
import org.merlin.daemon.sink.sql.SqlBulk;
import org.merlin.daemon.sink.sql.SqlSession;

/**
 * A history that might have been, the same for the same seed, told in the order of time: most objects are quiet, some have a problem a
 * fortnight, some nearly each day; hosts take their services with them; outages hit many hosts, downtimes more. It begins with 2025.
 * Confined to one thread.
 *
 * <p>A problem is soft for two minutes; four of ten go then, the others become hard. Nobody is told of services whose host is down, nor
 * of anything within a downtime.
 */
public final class MadeUpYear {
    /** When it begins: 2025-01-01, in seconds since 1970. */
    public static final long BEGIN = 1_735_689_600L;

    static final int DAY = 86_400;
    private static final int YEAR = 365 * DAY;
    private static final int SOFT_SECONDS = 120;
    private static final int OUTAGE_EVERY_DAYS = 15;
    private static final int DOWNTIME_DAYS = 28;
    private static final int DOWNTIME_SECONDS = 2 * 3_600;

    /** Problems a year of quiet, usual and noisy objects, and how many of a hundred are of the last two kinds. */
    private static final int[] PROBLEMS = {2, 20, 300};

    private static final int NOISY_PERCENT = 2;
    private static final int USUAL_PERCENT = 18;
    private static final int SOFT_ONLY_PERCENT = 40;

    private static final byte FINE = 0;
    private static final byte SOFT = 1;
    private static final byte HARD = 2;

    private final Size size;
    private final YearRows rows;
    private final SplittableRandom random;
    private final int[] due;
    private final byte[] state;
    private final byte[] phase;
    private final byte[] depth;
    private final boolean[] forced;

    /** When an object's next change is due; one whose time is another by now counts nothing. */
    private final PriorityQueue<Long> queue = new PriorityQueue<>();

    /**
     * How much happens.
     *
     * @param hosts up to 100,000
     * @param services of each host
     */
    public record Size(int hosts, int services, int days, long seed) {
        int objects() {
            return hosts * (services + 1);
        }
    }

    /** What happens to many at once. */
    private record Occasion(int second, Kind kind, int number) {
        enum Kind {
            OUTAGE,
            DOWNTIME_BEGINS,
            DOWNTIME_ENDS,
            RELOAD
        }
    }

    /** Prepares one, of which nothing is told yet. */
    private MadeUpYear(Size size, YearRows rows) {
        this.size = size;
        this.rows = rows;
        this.random = new SplittableRandom(size.seed());
        this.due = new int[size.objects()];
        this.state = new byte[size.objects()];
        this.phase = new byte[size.objects()];
        this.depth = new byte[size.hosts()];
        this.forced = new boolean[size.objects()];
    }

    /** Makes one and writes it into an empty database. Returns how many rows of each table that took. */
    public static Map<String, Long> fill(SqlSession session, Size size) throws HistoryException {
        SqlBulk bulk = new SqlBulk(session);
        new MadeUpYear(size, new YearRows(bulk, size.services(), 1)).tell();
        bulk.analyze();
        Map<String, Long> rows = new LinkedHashMap<>();
        bulk.counts().forEach((table, count) -> rows.put(table.title(), count));
        return rows;
    }

    /** Tells all of it, and what it has come to at its end. */
    private void tell() throws HistoryException {
        for (int object = 0; object < size.objects(); object++) {
            schedule(object, untilProblem(object));
        }
        int end = size.days() * DAY;
        for (Occasion occasion : occasions()) {
            changesBefore(occasion.second());
            happens(occasion);
        }
        changesBefore(end);
        for (int object = 0; object < size.objects(); object++) {
            rows.state(object, end, state[object], phase[object] != SOFT);
        }
        rows.end();
    }

    private List<Occasion> occasions() {
        List<Occasion> all = new ArrayList<>();
        for (int day = 0; day < size.days(); day++) {
            if (day % OUTAGE_EVERY_DAYS == OUTAGE_EVERY_DAYS - 1) {
                all.add(new Occasion(day * DAY + random.nextInt(DAY), Occasion.Kind.OUTAGE, day));
            }
            int night = day * DAY + 2 * 3_600;
            all.add(new Occasion(night, Occasion.Kind.DOWNTIME_BEGINS, day % DOWNTIME_DAYS));
            all.add(new Occasion(night + DOWNTIME_SECONDS, Occasion.Kind.DOWNTIME_ENDS, day % DOWNTIME_DAYS));
            if (day % 7 == 0) {
                all.add(new Occasion(day * DAY + 9 * 3_600, Occasion.Kind.RELOAD, 0));
            }
        }
        all.sort(Comparator.comparingInt(Occasion::second));
        return all;
    }

    private void happens(Occasion occasion) throws HistoryException {
        switch (occasion.kind()) {
            case RELOAD -> rows.reload(occasion.second());
            case OUTAGE -> {
                int count = Math.max(1, size.hosts() / 50);
                int first = random.nextInt(size.hosts());
                for (int i = 0; i < count; i++) {
                    fails((first + i) % size.hosts(), occasion.second() + random.nextInt(60));
                }
            }
            default -> {
                boolean begins = occasion.kind() == Occasion.Kind.DOWNTIME_BEGINS;
                for (int host = occasion.number(); host < size.hosts(); host += DOWNTIME_DAYS) {
                    if (host / DOWNTIME_DAYS % 5 == 0) {
                        downtime(host, occasion.second(), begins);
                    }
                }
            }
        }
    }

    private void downtime(int host, int second, boolean begins) throws HistoryException {
        int type = begins ? RowMaker.DOWNTIME_START : RowMaker.DOWNTIME_STOP;
        depth[host] = (byte) (begins ? 1 : 0);
        rows.downtime(object(host, 0), second, type);
        if (begins && random.nextBoolean()) {
            fails(host, second + random.nextInt(1_800));
        }
    }

    /** A host that is up goes down for certain. */
    private void fails(int host, int second) {
        int object = object(host, 0);
        if (phase[object] == FINE) {
            forced[object] = true;
            due[object] = second;
            queue.add((long) second << 32 | object);
        }
    }

    /** Number of a host, with 0, or of its services from 1 on. */
    private int object(int host, int service) {
        return host * (size.services() + 1) + service;
    }

    private int host(int object) {
        return object / (size.services() + 1);
    }

    private boolean isHost(int object) {
        return object % (size.services() + 1) == 0;
    }

    private void schedule(int object, long second) {
        due[object] = (int) Math.min(second, Integer.MAX_VALUE);
        queue.add((long) due[object] << 32 | object);
    }

    /** Seconds to an object's next problem. */
    private long untilProblem(int object) {
        int of100 = Integer.remainderUnsigned(object * 0x9E3779B1 >>> 7, 100);
        int kind = of100 < NOISY_PERCENT ? 2 : of100 < NOISY_PERCENT + USUAL_PERCENT ? 1 : 0;
        return exponential(YEAR / PROBLEMS[kind]);
    }

    /** How long a hard problem lasts: an hour, some of them a day. */
    private long duration() {
        return 60 + exponential(random.nextInt(20) == 0 ? DAY : 3_600);
    }

    private long exponential(int mean) {
        return Math.round(-Math.log(1 - random.nextDouble()) * mean);
    }

    private void changesBefore(int second) throws HistoryException {
        while (!queue.isEmpty() && queue.peek() >>> 32 < second) {
            long next = queue.remove();
            int object = (int) next;
            if (due[object] == next >>> 32) {
                change(object, due[object]);
            }
        }
    }

    private void change(int object, int second) throws HistoryException {
        switch (phase[object]) {
            case FINE -> {
                state[object] = (byte) (isHost(object) || random.nextInt(3) == 0 ? 1 : 2);
                phase[object] = SOFT;
                rows.check(object, second, state[object], false, 1);
                schedule(object, (long) second + SOFT_SECONDS);
            }
            case SOFT -> {
                if (!forced[object] && random.nextInt(100) < SOFT_ONLY_PERCENT) {
                    recovers(object, second, false);
                } else {
                    hardens(object, second);
                }
            }
            default -> {
                if (!isHost(object) && random.nextInt(10) == 0) {
                    state[object] = (byte) (3 - state[object]);
                    told(object, second, 3);
                    schedule(object, second + duration());
                } else {
                    recovers(object, second, true);
                }
            }
        }
    }

    private void recovers(int object, int second, boolean wasHard) throws HistoryException {
        state[object] = 0;
        phase[object] = FINE;
        if (wasHard) {
            told(object, second, 1);
        } else {
            rows.check(object, second, 0, true, 2);
        }
        schedule(object, second + SOFT_SECONDS + untilProblem(object));
    }

    private void hardens(int object, int second) throws HistoryException {
        forced[object] = false;
        phase[object] = HARD;
        told(object, second, 3);
        long end = second + duration();
        schedule(object, end);
        for (int service = 1; isHost(object) && service <= size.services(); service++) {
            int taken = object + service;
            if (phase[taken] == FINE) {
                state[taken] = 2;
                phase[taken] = HARD;
                told(taken, second, 1);
                schedule(taken, end + random.nextInt(300));
            }
        }
    }

    private void told(int object, int second, int attempt) throws HistoryException {
        rows.check(object, second, state[object], true, attempt);
        int host = host(object);
        if (depth[host] == 0 && (isHost(object) || state[object(host, 0)] == 0)) {
            rows.notifications(object, second, state[object]);
        }
    }
}
