package org.merlin.daemon.sink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.merlin.backlog.EventLog;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.time.NanoClock;
import org.merlin.protocol.wire.Chunk;

/**
 * Writes what the log holds into a database, on a thread of its own and behind a cursor of its own: while the database is slow or
 * away the log keeps what is not written, within its bounds, and nothing else waits. Of several nodes that share a database one
 * writes; the others follow ten minutes behind. Methods may be called from any thread.
 */
public final class Sink implements AutoCloseable {
    private static final int EVENTS_A_BATCH = 2_500;
    /** Well below what a server takes as one statement by default, 16 MiB. */
    private static final long BYTES_A_BATCH = 4 << 20;

    private static final long IDLE_MILLIS = 50;
    private static final long STANDBY_MILLIS = 250;
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long LAST_RETRY_MILLIS = 10_000;
    private static final long STANDBY_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PURGE_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int MAX_CHANGES = 10_000;

    private final MerlinConf.Database conf;
    private final String self;
    private final EventLog log;
    private final History.Opener opener;
    private final RowMaker rows;
    private final NanoClock clock;
    private final LongSupplier wallMicros;
    private final Journal journal;
    private final SetAside setAside;
    private final Thread thread = new Thread(this::run, "merlin-sink");
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Queue<NodeChange> changes = new ArrayBlockingQueue<>(MAX_CHANGES);
    private final List<NodeChange> came = new ArrayList<>();
    private final StandbyCursor standby;
    private final NodeKnowledge knowledge;
    private final ServerWatch watch;
    private final EventCodec itemCodec = new EventCodec();

    private volatile long needs;
    private volatile SinkView view;
    private volatile boolean moving;
    private String state = "starting";
    private String problem = "";
    private String writer = "";
    private long events;
    private long rowsWritten;
    private long upserts;
    private long setAsideEvents;
    private long lost;
    private long oldestMicros;
    private boolean purging;
    private long purgedNanos;
    private long wroteNanos;
    private List<NodeKnowledge.Generation> generations = List.of();
    private boolean statesDue;
    private boolean gaveWay;

    /** That a node came or went: microseconds since 1970, its state and why. */
    public record NodeChange(String node, long micros, String state, String reason) {}

    /**
     * Puts it together.
     *
     * @param stateFolder where what is set aside goes, {@code state_dir/sink}
     */
    public Sink(
            MerlinConf.Database conf,
            String self,
            EventLog log,
            Path stateFolder,
            History.Opener opener,
            NodeKnowledge knowledge,
            NanoClock clock,
            LongSupplier wallMicros,
            Journal journal) {
        this.conf = conf;
        this.self = self;
        this.log = log;
        this.opener = opener;
        this.rows = new RowMaker(conf, knowledge::nodeName);
        this.knowledge = knowledge;
        this.clock = clock;
        this.wallMicros = wallMicros;
        this.journal = journal;
        this.setAside = new SetAside(stateFolder);
        this.needs = log.start();
        this.purgedNanos = clock.nanos() - PURGE_NANOS;
        this.standby = new StandbyCursor(log.start(), STANDBY_NANOS);
        this.watch = new ServerWatch(what -> journal.warnLimited(LogEvent.SINK_SERVER, conf.toString(), what));
        publish();
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Lowest position of the log that may still have to be written; the log keeps what lies above it as long as its bounds allow. */
    public long needs() {
        return needs;
    }

    public SinkView view() {
        return view;
    }

    /** Tells that a node came or went; forgotten where thousands wait. */
    public void onNode(NodeChange change) {
        changes.offer(change);
    }

    /** Lets another node write, if there is one: this one waits for as long as a takeover takes. */
    public void move() {
        moving = true;
    }

    // --- the sink's thread -------------------------------------------------------------------------------------------

    private void run() {
        long wait = FIRST_RETRY_MILLIS;
        while (!pause(0)) {
            try (History history = opener.open()) {
                wait = FIRST_RETRY_MILLIS;
                followAndTell(history);
            } catch (HistoryException e) {
                away(e);
            } catch (RuntimeException | Error e) { // the thread's last resort: without it there is no history
                journal.bug("the database's writer", e);
                away(new HistoryException(HistoryException.Kind.AWAY, "our own fault: " + e, e));
            }
            if (pause(wait)) {
                return;
            }
            wait = Math.min(LAST_RETRY_MILLIS, wait * 2);
        }
    }

    private boolean pause(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void away(HistoryException e) {
        if (!state.equals("away") || !problem.equals(e.getMessage())) {
            journal.warnLimited(LogEvent.SINK_AWAY, conf.toString(), e.getMessage());
        }
        oldestMicros =
                oldestMicros == 0 ? wallMicros.getAsLong() : oldestMicros; // nothing is older that waits from now on
        state = "away";
        problem = e.getMessage();
        publish();
    }

    /** To let go of connections that nobody answers lasts: that they are broken is told before. */
    private void followAndTell(History history) throws HistoryException {
        try {
            follow(history);
        } catch (HistoryException e) {
            away(e);
            throw e;
        }
    }

    private void follow(History history) throws HistoryException {
        watch.begin(history, clock.nanos());
        while (!pause(0)) {
            boolean holds = history.hold();
            writer = history.holder();
            if (holds) {
                write(history);
            } else {
                watch.onTurn(history, clock.nanos());
                state = "standby";
                problem = "";
                needs = standby.at(clock.nanos(), log.end());
                forgetSeen();
                publish();
                if (pause(STANDBY_MILLIS)) {
                    break;
                }
            }
        }
        history.give();
    }

    /** What came and went before the writer can have died, that has written. */
    private void forgetSeen() {
        long before = wallMicros.getAsLong()
                - 2 * TimeUnit.NANOSECONDS.toMicros(conf.failoverTimeout().toNanos());
        while (!changes.isEmpty() && changes.peek().micros() < before) {
            changes.remove();
        }
    }

    /** Until another node writes, the database is away, or this daemon ends. */
    private void write(History history) throws HistoryException {
        journal.info(LogEvent.SINK_WRITES, conf.toString(), history.holder());
        History.Past past = history.past();
        rows.know(past);
        statesDue |= past.progress().isEmpty();
        generations = List.of();
        try (ReadAhead reader = new ReadAhead(new EventReader(log, past.progress()), EVENTS_A_BATCH, BYTES_A_BATCH)) {
            state = "writing";
            problem = "";
            boolean first = true;
            while (!pause(0) && history.hold()) {
                watch.onTurn(history, clock.nanos());
                if (moving) {
                    moving = false;
                    letOthersWrite(history);
                    return;
                }
                EventReader.Portion portion = reader.next();
                if (portion.isBehind() && conf.type() == MerlinConf.Database.Type.MARIADB && !gaveWay) {
                    gaveWay = true;
                    journal.info(LogEvent.SINK_GIVES_WAY, conf.toString(), portion.lost());
                    letOthersWrite(history);
                    return;
                }
                if (portion.isEmpty() && portion.isFull()) {
                    continue; // the beginning of a large log is written
                }
                oldestMicros = portion.oldestMicros();
                publish();
                if (portion.isEmpty() && changes.isEmpty() && came.isEmpty() && !first) {
                    if (clock.nanos() - wroteNanos >= LOOK_NANOS) {
                        lookAround(history);
                        wroteNanos = clock.nanos();
                        purge(history);
                    }
                    oldestMicros = 0;
                    needs = portion.position();
                    standby.at(clock.nanos(), log.end());
                    publish();
                    pause(IDLE_MILLIS);
                    continue;
                }
                first = false;
                write(history, portion);
                gaveWay &= portion.isFull();
                statesDue |= portion.hasGap();
                if (statesDue && !portion.isFull()) {
                    writeStates(history);
                    statesDue = false;
                }
                needs = portion.position();
                standby.at(clock.nanos(), log.end());
            }
        } catch (HistoryException e) {
            if (e.kind() != HistoryException.Kind.OVERTAKEN) {
                throw e;
            }
            journal.warn(LogEvent.SINK_OVERTAKEN, conf.toString());
        }
    }

    /** What comes without an event: downtimes begin and end, nodes run other configurations. */
    private void lookAround(History history) throws HistoryException {
        Batch batch = new Batch();
        List<NodeKnowledge.Generation> now = knowledge.generations();
        if (!now.equals(generations)) {
            now.forEach(run -> batch.add(
                    Table.GENERATION,
                    run.hash(),
                    run.node(),
                    RowMaker.time(run.sinceMicros()),
                    run.author(),
                    run.note()));
        }
        history.write(batch);
        generations = now;
        rowsWritten += batch.size();
    }

    /** Long enough for another node to take the lease, if there is one. */
    private void letOthersWrite(History history) {
        history.give();
        pause(conf.failoverTimeout().toMillis());
    }

    /** How everything stands by the node's state table: what led there is missing, or was before the database. */
    private void writeStates(History history) throws HistoryException {
        NodeKnowledge.Walk walk = knowledge.states();
        for (Optional<Chunk> page = walk.next(); page.isPresent() && !pause(0); page = walk.next()) {
            List<NamedEvent> items = NamedEvent.of(itemCodec, page.get());
            Batch batch = new Batch();
            items.forEach(item -> rows.present(item, batch));
            if (!writes(history, batch)) {
                oneByOne(history, items, rows::present);
            }
            rowsWritten += batch.size();
        }
    }

    /** Whether the database takes it; no means that some of its rows are to blame. */
    private static boolean writes(History history, Batch batch) throws HistoryException {
        try {
            history.write(batch);
            return true;
        } catch (HistoryException e) {
            if (e.kind() != HistoryException.Kind.ROWS) {
                throw e;
            }
            return false;
        }
    }

    /** A piece of what is too old, while nothing else is to be done. */
    private void purge(History history) throws HistoryException {
        boolean due = purging || clock.nanos() - purgedNanos >= PURGE_NANOS;
        if (conf.keep().isPresent() && due) {
            purging = history.purge(
                    wallMicros.getAsLong() / 1_000_000 - conf.keep().get().toSeconds());
            purgedNanos = clock.nanos();
        }
    }

    private void write(History history, EventReader.Portion portion) throws HistoryException {
        Batch batch = new Batch();
        if (portion.isFull() && !portion.events().isEmpty()) { // behind: downtimes begin and end as they did then
            batch.asOf(portion.events().get(portion.events().size() - 1).micros());
        }
        takeChanges();
        portion.events().forEach(event -> rows.make(event, batch));
        addRest(portion, batch);
        if (!writes(history, batch)) {
            oneByOne(history, portion.events(), rows::make);
            Batch rest = new Batch();
            addRest(portion, rest);
            history.write(rest);
        }
        came.clear();
        events += portion.events().size();
        rowsWritten += batch.size();
        upserts += batch.rows(Table.STATE).size();
        lost += portion.lost();
        if (portion.lost() > 0) {
            journal.warnLimited(LogEvent.SINK_LOST, conf.toString(), portion.lost());
        }
    }

    /** What a batch has beside the events' own rows: runs that begin, nodes that come and go, how far it is. */
    private void addRest(EventReader.Portion portion, Batch batch) {
        portion.begun()
                .forEach((stream, begun) ->
                        rows.begun(stream.origin(), stream.epoch(), begun.again(), begun.micros(), batch));
        portion.upTo()
                .forEach((stream, sequence) ->
                        batch.add(Table.PROGRESS, stream.origin(), Integer.toUnsignedLong(stream.epoch()), sequence));
        came.forEach(change -> addNode(change, batch));
    }

    /** They wait here until they are committed. */
    private void takeChanges() {
        while (came.size() < MAX_CHANGES && !changes.isEmpty()) {
            came.add(changes.remove());
        }
    }

    private void addNode(NodeChange change, Batch batch) {
        batch.add(
                Table.NODE_HISTORY,
                change.node(),
                RowMaker.time(change.micros()),
                change.state(),
                cut(change.reason()),
                self);
        batch.add(
                Table.PROGRAM,
                change.node(),
                change.state(),
                cut(change.reason()),
                self,
                RowMaker.time(wallMicros.getAsLong()));
    }

    private static String cut(String text) {
        return text.length() <= 255 ? text : text.substring(0, 255);
    }

    /** Some rows of a batch are not taken: each event by itself, so that only those are set aside. */
    private void oneByOne(History history, List<NamedEvent> all, BiConsumer<NamedEvent, Batch> maker)
            throws HistoryException {
        History.Past past = history.past();
        rows.know(past); // what the batch made of it was not written
        for (NamedEvent event : all) {
            Batch alone = new Batch();
            maker.accept(event, alone);
            try {
                history.write(alone);
            } catch (HistoryException e) {
                if (e.kind() != HistoryException.Kind.ROWS) {
                    throw e;
                }
                setAside(event, e.getMessage());
            }
        }
    }

    private void setAside(NamedEvent event, String why) {
        setAsideEvents++;
        problem = "set aside: " + why;
        journal.warnLimited(LogEvent.SINK_SET_ASIDE, event.name(), why);
        try {
            setAside.add(event, why);
        } catch (IOException e) {
            journal.warnLimited(LogEvent.SINK_SET_ASIDE, event.name(), e.toString());
        }
    }

    private void publish() {
        long behind = state.equals("writing") && oldestMicros == 0 ? 0 : Math.max(0, log.end() - needs);
        double seconds =
                behind == 0 || oldestMicros == 0 ? 0 : Math.max(0, wallMicros.getAsLong() - oldestMicros) / 1e6;
        view = new SinkView(
                conf.toString(),
                state,
                writer,
                behind,
                seconds,
                events,
                rowsWritten,
                upserts,
                setAsideEvents,
                lost,
                problem,
                watch.seen());
    }

    /** Hands over, if this node writes; at most for two seconds. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
