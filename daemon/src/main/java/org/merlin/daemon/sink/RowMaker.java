package org.merlin.daemon.sink;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.event.StateType;

/**
 * Makes rows of events: numbers and values of {@code report_data} are the C original's. What it has to know of the past, which objects
 * flap and which downtimes wait for a problem, comes from the database with the progress. Confined to the sink's thread.
 */
public final class RowMaker {
    /** A scheduler starts; it stops, or reads its configuration anew. */
    public static final int PROCESS_START = 100;

    public static final int PROCESS_RESTART = 103;
    public static final int SERVICE_CHECK = 701;
    public static final int HOST_CHECK = 801;
    public static final int FLAPPING_START = 1000;
    public static final int FLAPPING_STOP = 1001;
    /** A downtime begins, and ends. */
    public static final int DOWNTIME_START = 1103;

    public static final int DOWNTIME_STOP = 1104;

    /** Rows that one event gives beside its first are told apart by this. */
    static final int OF_FLAPPING = 1;

    public static final int OF_DOWNTIME_START = 1;
    public static final int OF_DOWNTIME_STOP = 2;

    private static final long MICROS = 1_000_000L;
    private static final int MAX_CONFIRMATIONS = 10_000;

    private final MerlinConf.Database conf;
    private final LongFunction<String> nodes;
    private final Set<MonitoredObject> flapping = new HashSet<>();
    private final Map<EventName, Waiting> waiting = new HashMap<>();
    private final Map<MonitoredObject, Boolean> acknowledged = new HashMap<>();

    private final Map<MonitoredObject, Long> confirmations = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MonitoredObject, Long> eldest) {
            return size() > MAX_CONFIRMATIONS;
        }
    };

    /** A flexible downtime that waits for a problem. */
    public record Waiting(MonitoredObject object, long startSeconds, long endSeconds, long durationSeconds) {}

    /**
     * Makes it.
     *
     * @param nodes name of a node by its number
     */
    public RowMaker(MerlinConf.Database conf, LongFunction<String> nodes) {
        this.conf = conf;
        this.nodes = nodes;
    }

    /** Begins anew with what the database has of the past. */
    void know(History.Past past) {
        flapping.clear();
        flapping.addAll(past.flapping());
        waiting.clear();
        waiting.putAll(past.waiting());
        acknowledged.clear();
        acknowledged.putAll(past.acknowledged());
    }

    /** A time as the database has it: UTC, microseconds. */
    public static LocalDateTime time(long micros) {
        return LocalDateTime.ofInstant(
                Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000),
                ZoneOffset.UTC);
    }

    /** The same, of seconds. */
    public static LocalDateTime ofSeconds(long seconds) {
        return LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    }

    /** Null for the time that means never. */
    private static LocalDateTime timeOrNull(long micros) {
        return micros == 0 ? null : time(micros);
    }

    /** Adds the rows of an event. */
    public void make(NamedEvent event, Batch into) {
        event.event().accept(new Rows(event, into, true));
        into.counted();
    }

    /** Adds what an event of some time says of the present: none of the rows that tell what happened. */
    void present(NamedEvent event, Batch into) {
        event.event().accept(new Rows(event, into, false));
    }

    /** The first event of a scheduler's run: it was started, or read its configuration anew, just before. */
    public void begun(long origin, int epoch, boolean again, long micros, Batch into) {
        if (conf.reportData()) {
            into.add(
                    Table.REPORT,
                    origin,
                    Integer.toUnsignedLong(epoch),
                    0L,
                    0,
                    micros / MICROS,
                    time(micros),
                    again ? PROCESS_RESTART : PROCESS_START,
                    "",
                    "",
                    0,
                    0,
                    0,
                    0,
                    nodes.apply(origin),
                    "");
        }
    }

    private final class Rows implements Event.Visitor<Optional<Void>> {
        private final NamedEvent from;
        private final Batch into;
        private final boolean happens;

        Rows(NamedEvent from, Batch into, boolean happens) {
            this.from = from;
            this.into = into;
            this.happens = happens;
        }

        private void report(int part, long micros, int type, MonitoredObject object, CheckResult result) {
            if (!happens || !conf.reportData()) {
                return;
            }
            EventName name = from.name();
            into.add(
                    Table.REPORT,
                    name.origin(),
                    Integer.toUnsignedLong(name.epoch()),
                    name.sequence(),
                    part,
                    micros / MICROS,
                    time(micros),
                    type,
                    object.host(),
                    object.service(),
                    result.state(),
                    result.stateType() == StateType.HARD || result.state() == 0 ? 1 : 0,
                    result.attempt(),
                    0,
                    result.output().text(),
                    result.output().longText());
        }

        @Override
        public Optional<Void> checkResult(CheckResult result) {
            MonitoredObject object = result.object();
            long micros = result.timing().endMicros();
            if (isReported(result)) {
                report(0, micros, object.isHost() ? HOST_CHECK : SERVICE_CHECK, object, result);
            }
            flaps(result, micros);
            state(result);
            beginsDowntimes(result, micros / MICROS);
            endsAcknowledgement(result, micros);
            if (happens && conf.perfdata() && !result.output().perfData().isEmpty()) {
                into.add(
                        Table.PERFDATA,
                        from.name().origin(),
                        Integer.toUnsignedLong(from.name().epoch()),
                        from.name().sequence(),
                        micros / MICROS,
                        object.host(),
                        object.service(),
                        result.output().perfData());
            }
            return Optional.empty();
        }

        /**
         * The state is another one, or was confirmed just now. Schedulers note the latter with the time at which the check began, Nagios to
         * the second: of several results within it the first counts. A first result that is good is none, though Nagios notes it so.
         */
        private boolean isReported(CheckResult result) {
            long confirmedMicros = result.history().lastHardStateChangeMicros();
            boolean confirmed = result.state() != 0
                    && result.stateType() == StateType.HARD
                    && confirmedMicros / MICROS == result.timing().startMicros() / MICROS
                    && !Long.valueOf(confirmedMicros).equals(confirmations.put(result.object(), confirmedMicros));
            return result.state() != result.history().lastState() || confirmed;
        }

        private void flaps(CheckResult result, long micros) {
            boolean now = result.history().flapping();
            boolean before = flapping.contains(result.object());
            if (now != before) {
                if (now) {
                    flapping.add(result.object());
                } else {
                    flapping.remove(result.object());
                }
                report(OF_FLAPPING, micros, now ? FLAPPING_START : FLAPPING_STOP, result.object(), result);
            }
        }

        private void state(CheckResult result) {
            CheckResult.History history = result.history();
            into.add(
                    Table.STATE,
                    result.object().host(),
                    result.object().service(),
                    nodes.apply(from.name().origin()),
                    result.state(),
                    result.stateType() == StateType.HARD ? 1 : 0,
                    result.attempt(),
                    result.maxAttempts(),
                    result.checkType().ordinal(),
                    history.lastState(),
                    history.lastHardState(),
                    time(result.timing().endMicros()),
                    timeOrNull(result.timing().nextCheckMicros()),
                    timeOrNull(history.lastStateChangeMicros()),
                    timeOrNull(history.lastHardStateChangeMicros()),
                    result.timing().latencyMicros() / 1e6,
                    result.timing().executionMicros() / 1e6,
                    history.flapping() ? 1 : 0,
                    history.percentChange(),
                    result.notification().number(),
                    timeOrNull(result.notification().lastMicros()),
                    result.output().text(),
                    result.output().longText(),
                    result.output().perfData(),
                    Integer.toUnsignedLong(from.revision()));
        }

        /** An acknowledgement is over with its problem; one that is not sticky with the problem's state. */
        private void endsAcknowledgement(CheckResult result, long micros) {
            Boolean sticky = acknowledged.get(result.object());
            if (sticky == null) {
                return;
            }
            boolean other = !sticky && result.state() != result.history().lastState();
            if (result.state() == 0 || other) {
                acknowledged.remove(result.object());
                into.end(new Batch.Over(result.object(), micros));
            }
        }

        /** A flexible downtime begins with a confirmed problem, as in Nagios. */
        private void beginsDowntimes(CheckResult result, long seconds) {
            if (waiting.isEmpty() || result.state() == 0 || result.stateType() != StateType.HARD) {
                return;
            }
            waiting.entrySet().removeIf(entry -> {
                Waiting downtime = entry.getValue();
                boolean begins = downtime.object().equals(result.object())
                        && downtime.startSeconds() <= seconds
                        && seconds <= downtime.endSeconds();
                if (begins) {
                    into.begin(new Batch.Begun(entry.getKey(), seconds, seconds + downtime.durationSeconds()));
                }
                return begins || seconds > downtime.endSeconds();
            });
        }

        @Override
        public Optional<Void> contactNotification(ContactNotification told) {
            if (happens && conf.notifications()) {
                into.add(
                        Table.NOTIFICATION,
                        from.name().origin(),
                        Integer.toUnsignedLong(from.name().epoch()),
                        from.name().sequence(),
                        told.object().isHost() ? 0 : 1,
                        told.startMicros() / MICROS,
                        (int) (told.startMicros() % MICROS),
                        told.endMicros() / MICROS,
                        (int) (told.endMicros() % MICROS),
                        told.contact(),
                        told.object().host(),
                        told.object().service(),
                        told.command(),
                        told.reason(),
                        told.state(),
                        told.output(),
                        told.author(),
                        told.text(),
                        0);
            }
            return Optional.empty();
        }

        @Override
        public Optional<Void> comment(Comment comment) {
            into.add(
                    Table.COMMENT,
                    from.name().origin(),
                    Integer.toUnsignedLong(from.name().epoch()),
                    from.name().sequence(),
                    comment.object().host(),
                    comment.object().service(),
                    ofSeconds(comment.entrySeconds()),
                    comment.author(),
                    comment.text(),
                    comment.persistent() ? 1 : 0,
                    comment.expireSeconds() == 0 ? null : ofSeconds(comment.expireSeconds()));
            return Optional.empty();
        }

        @Override
        public Optional<Void> downtime(Downtime downtime) {
            into.add(
                    Table.DOWNTIME,
                    from.name().origin(),
                    Integer.toUnsignedLong(from.name().epoch()),
                    from.name().sequence(),
                    downtime.object().host(),
                    downtime.object().service(),
                    ofSeconds(downtime.entrySeconds()),
                    downtime.author(),
                    downtime.text(),
                    ofSeconds(downtime.startSeconds()),
                    ofSeconds(downtime.endSeconds()),
                    downtime.fixed() ? 1 : 0,
                    downtime.durationSeconds(),
                    0);
            if (!downtime.fixed()) {
                waiting.put(
                        from.name(),
                        new Waiting(
                                downtime.object(),
                                downtime.startSeconds(),
                                downtime.endSeconds(),
                                downtime.durationSeconds()));
            }
            return Optional.empty();
        }

        @Override
        public Optional<Void> deletion(Deletion deletion) {
            into.add(
                    Table.DELETED,
                    deletion.kind().ordinal(),
                    deletion.name().origin(),
                    Integer.toUnsignedLong(deletion.name().epoch()),
                    deletion.name().sequence(),
                    time(from.micros()));
            into.remove(new Batch.Gone(deletion.kind(), deletion.name(), from.micros()));
            waiting.remove(deletion.name());
            return Optional.empty();
        }

        @Override
        public Optional<Void> acknowledgement(Acknowledgement acknowledgement) {
            if (acknowledgement.set()) {
                acknowledged.put(acknowledgement.object(), acknowledgement.sticky());
            } else {
                acknowledged.remove(acknowledgement.object());
            }
            into.add(
                    Table.ACKNOWLEDGEMENT,
                    acknowledgement.object().host(),
                    acknowledgement.object().service(),
                    acknowledgement.set() ? 1 : 0,
                    acknowledgement.sticky() ? 1 : 0,
                    acknowledgement.persistent() ? 1 : 0,
                    acknowledgement.author(),
                    acknowledgement.text(),
                    ofSeconds(acknowledgement.entrySeconds()),
                    acknowledgement.endSeconds() == 0 ? null : ofSeconds(acknowledgement.endSeconds()),
                    Integer.toUnsignedLong(from.revision()));
            return Optional.empty();
        }

        @Override
        public Optional<Void> externalCommand(ExternalCommand command) {
            return Optional.empty();
        }

        @Override
        public Optional<Void> notification(Notification notification) {
            return Optional.empty();
        }

        @Override
        public Optional<Void> register(Register register) {
            return Optional.empty();
        }

        @Override
        public Optional<Void> repetition(Repetition repetition) {
            EventName first = repetition.name(from.name().origin());
            NamedEvent told = new NamedEvent(first, from.micros(), from.revision(), repetition.event());
            return told.event().accept(new Rows(told, into, happens));
        }
    }
}
