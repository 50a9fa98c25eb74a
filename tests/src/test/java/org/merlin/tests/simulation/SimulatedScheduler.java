package org.merlin.tests.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.merlin.module.Broker;
import org.merlin.module.Broker.CommentKind;
import org.merlin.module.Memory;
import org.merlin.module.SteppedBroker;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.StateType;

/**
 * A scheduler by the rules of Nagios, as far as the module sees them: states that are confirmed at once, one notification per
 * problem and one per recovery, comments, downtimes, acknowledgements, switches. All its state is in {@link Kept}.
 */
final class SimulatedScheduler implements SchedulerPort {
    /** What an acknowledgement leaves behind: told with it, but not of itself, so that who came when it was over does not have it. */
    static final String REMARK = "remark ";

    private final String node;
    private final LoadedObjects objects;
    private final LongSupplier wallMicros;
    private final Watcher watcher;
    private final Runnable wake;
    private final Kept kept;
    private final List<Integer> soon = new ArrayList<>();
    private final int run;
    private int results;
    private SteppedBroker module;
    private Broker broker;

    /** Who looks on. */
    interface Watcher {
        /** Contacts were told. {@code output} is that of the result which was told. */
        void onMail(String node, MonitoredObject object, int state, String output);

        /** A result of others came into the state, or into history. */
        void onApplied(String node, MonitoredObject object, String output, boolean history);

        /** A check was run here. */
        void onResult(String node, MonitoredObject object);
    }

    /** What a scheduler keeps over its restart, as of one moment. */
    static final class Kept {
        private final Map<MonitoredObject, State> states = new HashMap<>();
        private final TreeMap<Long, Noted> comments = new TreeMap<>();
        private final TreeMap<Long, Scheduled> downtimes = new TreeMap<>();
        private final Map<String, String> registers = new TreeMap<>();
        private final Map<MonitoredObject, Integer> revisions = new HashMap<>();
        private Memory memory = Memory.NONE;
        private long nextId = 1;

        Kept copy() {
            Kept copy = new Kept();
            states.forEach((object, state) -> copy.states.put(object, state.copy()));
            copy.comments.putAll(comments);
            copy.downtimes.putAll(downtimes);
            copy.registers.putAll(registers);
            copy.revisions.putAll(revisions);
            copy.memory = memory;
            copy.nextId = nextId;
            return copy;
        }

        Memory memory() {
            return memory;
        }
    }

    private static final class State {
        private int state;
        private String output = "";
        private NotificationCount count = NotificationCount.NONE;
        private NotificationCount owed = NotificationCount.NONE;
        private Acknowledgement acknowledgement;
        private long changedMicros;

        private State copy() {
            State copy = new State();
            copy.state = state;
            copy.output = output;
            copy.count = count;
            copy.acknowledgement = acknowledgement;
            copy.changedMicros = changedMicros;
            return copy;
        }
    }

    private record Noted(MonitoredObject object, CommentKind kind, String text, boolean persistent) {}

    private record Scheduled(MonitoredObject object, String text, long triggeredBy, long comment) {}

    SimulatedScheduler(
            String node,
            LoadedObjects objects,
            LongSupplier wallMicros,
            Kept kept,
            int run,
            Watcher watcher,
            Runnable wake) {
        this.node = node;
        this.objects = objects;
        this.wallMicros = wallMicros;
        this.kept = kept;
        this.run = run;
        this.watcher = watcher;
        this.wake = wake;
        Set<MonitoredObject> loaded = Set.copyOf(objects.objects());
        kept.comments
                .values()
                .removeIf(of -> !of.persistent && of.kind == CommentKind.USER || !loaded.contains(of.object));
        kept.downtimes.values().removeIf(of -> !loaded.contains(of.object));
    }

    void begin(SteppedBroker with) {
        module = with;
        broker = with.broker();
        broker.onLoaded();
    }

    int[] revisions() {
        return objects.objects().stream()
                .mapToInt(object -> kept.revisions.getOrDefault(object, 0))
                .toArray();
    }

    Memory memory() {
        return kept.memory;
    }

    /** What is kept of now. */
    Kept save() {
        Kept now = kept.copy();
        int[] revisions = module.revisions();
        for (int i = 0; i < revisions.length; i++) {
            now.revisions.put(object(i), revisions[i]);
        }
        now.memory = broker.memory().get();
        return now;
    }

    private MonitoredObject object(int index) {
        return objects.entries().get(index).object();
    }

    private State at(int index) {
        return kept.states.computeIfAbsent(object(index), any -> new State());
    }

    // --- what it does by itself
    // ---------------------------------------------------------------------------------------

    /** Checks that are to be run as soon as possible. */
    List<Integer> takeSoon() {
        List<Integer> now = List.copyOf(soon);
        soon.clear();
        return now;
    }

    /** A check has ended; what it found is named in its output, with a name of its own. */
    void found(int index, int state, String problem, String words) {
        State at = at(index);
        String output = problem + " " + node + "#" + run + "#" + ++results;
        int last = at.state;
        long now = wallMicros.getAsLong();
        NotificationCount before = at.count;
        change(index, state, output, now);
        consider(index, before, last != state);
        broker.onResult(index, result(index, last, now, words));
        watcher.onResult(node, object(index));
    }

    private CheckResult result(int index, int last, long now, String words) {
        State at = at(index);
        return new CheckResult(
                object(index),
                at.state,
                StateType.HARD,
                1,
                1,
                CheckType.ACTIVE,
                new CheckResult.Output(at.output, words, ""),
                new CheckResult.Timing(now, now, 0, 0, now),
                new CheckResult.History(
                        last,
                        last,
                        at.changedMicros,
                        at.changedMicros,
                        CheckResult.LastTimes.NEVER.with(at.state, now),
                        0,
                        0,
                        0,
                        0,
                        false,
                        0),
                at.count);
    }

    private void change(int index, int state, String output, long micros) {
        State at = at(index);
        if (state != at.state) {
            if (at.acknowledgement != null && (state == 0 || !at.acknowledgement.sticky())) {
                clear(index);
            }
            at.changedMicros = micros;
            at.owed = NotificationCount.NONE;
        }
        at.state = state;
        at.output = output;
        at.count = state == 0 ? NotificationCount.NONE : at.count;
    }

    private void consider(int index, NotificationCount before, boolean changed) {
        State at = at(index);
        boolean wanted = at.state == 0
                ? changed && before.notifiedOn() != 0
                : !before.noMore() && at.acknowledgement == null && !inDowntime(index);
        if (!wanted) {
            return;
        }
        if (!broker.mayNotify(index, Notification.NORMAL)) {
            at.owed = at.state == 0 ? before : at.owed;
            return;
        }
        long now = wallMicros.getAsLong();
        NotificationCount count =
                new NotificationCount(before.number() + 1, now, now, before.notifiedOn() | 1 << at.state, true);
        at.owed = NotificationCount.NONE;
        at.count = at.state == 0 ? NotificationCount.NONE : count;
        watcher.onMail(node, object(index), at.state, at.output);
        broker.onNotification(
                index,
                new Notification(
                        object(index), Notification.NORMAL, at.state, 1, count, CheckResult.Problem.NONE, "", ""));
    }

    private boolean inDowntime(int index) {
        return kept.downtimes.values().stream().anyMatch(of -> of.object.equals(object(index)));
    }

    // --- what people do
    // ------------------------------------------------------------------------------------------------

    void comment(int index, String text) {
        Comment comment = new Comment(object(index), seconds(), "anna", text, true, 1, 0);
        broker.onComment(index, note(index, CommentKind.USER, text, true), CommentKind.USER, comment);
    }

    void deleteSomeComment() {
        kept.comments.entrySet().stream()
                .filter(entry -> entry.getValue().kind == CommentKind.USER)
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(id -> {
                    kept.comments.remove(id);
                    broker.onCommentGone(id, true);
                });
    }

    void schedule(int index, String text) {
        long id = kept.nextId++;
        Downtime downtime =
                new Downtime(object(index), seconds(), "anna", text, 0, Integer.MAX_VALUE, true, 0, EventName.NONE);
        broker.onDowntime(index, id, downtime, 0);
        kept.downtimes.put(
                id, new Scheduled(object(index), text, 0, commentOf(index, CommentKind.DOWNTIME, text, true)));
    }

    void deleteSomeDowntime() {
        if (!kept.downtimes.isEmpty()) {
            remove(kept.downtimes.firstKey()).forEach(id -> broker.onDowntimeGone(id, true));
        }
    }

    void acknowledge(int index, String text, boolean sticky) {
        if (at(index).state != 0) {
            Acknowledgement given =
                    new Acknowledgement(object(index), true, 0, 0, sticky, true, false, "anna", text, seconds(), 0);
            broker.onAcknowledgement(index, given);
            at(index).acknowledgement = given;
            commentOf(index, CommentKind.ACKNOWLEDGEMENT, text, true);
        }
    }

    void unacknowledge(int index) {
        clear(index);
        broker.onAcknowledgementRemoved(index, seconds());
    }

    void turn(int index, String attribute, String value) {
        Register register = Register.of(object(index), attribute, value);
        kept.registers.put(register.place(), value);
        broker.onSet(register);
    }

    private long seconds() {
        return wallMicros.getAsLong() / 1_000_000;
    }

    private long note(int index, CommentKind kind, String text, boolean persistent) {
        kept.comments.put(kept.nextId, new Noted(object(index), kind, text, persistent));
        return kept.nextId++;
    }

    private long commentOf(int index, CommentKind kind, String text, boolean persistent) {
        long id = note(index, kind, text, persistent);
        broker.onComment(index, id, kind, new Comment(object(index), seconds(), "", text, persistent, 0, 0));
        return id;
    }

    private List<Long> remove(long id) {
        List<Long> gone = new ArrayList<>();
        Scheduled was = kept.downtimes.remove(id);
        if (was != null) {
            gone.add(id);
            if (kept.comments.remove(was.comment) != null) {
                broker.onCommentGone(was.comment, false);
            }
        }
        return gone;
    }

    private void clear(int index) {
        at(index).acknowledgement = null;
    }

    // --- what the module asks
    // ------------------------------------------------------------------------------------------

    @Override
    public void wake() {
        wake.run();
    }

    @Override
    public String description() {
        return "simulated";
    }

    @Override
    public int checkTimeoutSeconds() {
        return SimulatedModule.CHECK_TIMEOUT_SECONDS;
    }

    @Override
    public LoadedObjects objects() {
        return objects;
    }

    @Override
    public void apply(int index, CheckResult result, int revision, boolean aloud) {
        State at = at(index);
        int last = at.state;
        NotificationCount before = at.count;
        String output = result.output().text();
        change(index, result.state(), output, result.history().lastStateChangeMicros());
        if (aloud) {
            consider(index, before, last != at.state);
        } else {
            at.count = result.notification();
        }
        watcher.onApplied(node, result.object(), output, false);
    }

    @Override
    public void history(int index, CheckResult result) {
        watcher.onApplied(node, result.object(), result.output().text(), true);
    }

    @Override
    public void runSoon(int index) {
        soon.add(index);
        wake.run();
    }

    @Override
    public void execute(ExternalCommand command) {
        throw new AssertionError("nobody gave " + command);
    }

    @Override
    public NotificationCount count(int index) {
        return at(index).count;
    }

    @Override
    public void count(int index, NotificationCount count) {
        at(index).count = count;
    }

    @Override
    public void tellContacts(int index, int notifiedOn) {
        State at = at(index);
        NotificationCount known = at.count.number() == 0 ? at.owed : at.count;
        consider(
                index,
                new NotificationCount(
                        known.number(),
                        known.lastMicros(),
                        known.nextMicros(),
                        known.notifiedOn() | notifiedOn & ~1,
                        known.noMore()),
                true);
    }

    @Override
    public long addComment(int index, Comment comment) {
        return note(index, CommentKind.USER, comment.text(), comment.persistent());
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        return kept.comments.entrySet().stream()
                .filter(entry -> entry.getValue().object.equals(object(index))
                        && entry.getValue().text.equals(comment.text()))
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return kind == Deletion.Kind.COMMENT ? kept.comments.containsKey(id) : kept.downtimes.containsKey(id);
    }

    @Override
    public void deleteComment(int index, long id) {
        kept.comments.remove(id);
    }

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        long id = kept.nextId++;
        long comment = commentOf(index, CommentKind.DOWNTIME, downtime.text(), true);
        kept.downtimes.put(id, new Scheduled(object(index), downtime.text(), triggeredBy, comment));
        return id;
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return kept.downtimes.entrySet().stream()
                .filter(entry -> entry.getValue().object.equals(object(index))
                        && entry.getValue().text.equals(downtime.text()))
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public void deleteDowntime(int index, long id) {
        remove(id).forEach(gone -> broker.onDowntimeGone(gone, false));
    }

    @Override
    public boolean isAcknowledged(int index) {
        return at(index).acknowledgement != null;
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {
        if (at(index).state != 0) {
            at(index).acknowledgement = acknowledgement;
            broker.onAcknowledgement(index, acknowledgement); // it tells of what it was given, too
            commentOf(index, CommentKind.ACKNOWLEDGEMENT, acknowledgement.text(), acknowledgement.persistent());
        }
    }

    @Override
    public void removeAcknowledgement(int index) {
        clear(index);
    }

    @Override
    public void set(Register register) {
        kept.registers.put(register.place(), register.value());
    }

    // --- what is compared
    // -----------------------------------------------------------------------------------------------

    int state(int index) {
        return at(index).state;
    }

    /** By object, its state and all that people see of it, without numbers that differ by right. */
    Map<String, String> shown() {
        int[] revisions = module.revisions();
        Map<String, TreeSet<String>> all = new TreeMap<>();
        for (int i = 0; i < revisions.length; i++) {
            State at = at(i);
            TreeSet<String> of = all.computeIfAbsent(object(i).name(), any -> new TreeSet<>());
            of.add("state " + at.state + " " + at.output + " revision " + revisions[i]);
            if (at.acknowledgement != null) {
                of.add("acknowledged " + at.acknowledgement.text());
            }
        }
        kept.comments.values().stream()
                .filter(of -> all.containsKey(of.object.name()))
                .forEach(of -> all.get(of.object.name())
                        .add(of.kind == CommentKind.ACKNOWLEDGEMENT ? REMARK + of.text : "comment " + of.text));
        kept.downtimes.values().stream()
                .filter(of -> all.containsKey(of.object.name()))
                .forEach(of -> all.get(of.object.name()).add("downtime " + of.text));
        kept.registers.forEach((place, value) -> {
            String name = place.split("\t")[1];
            if (all.containsKey(name)) {
                all.get(name).add("switch " + place.replace('\t', ' ') + " = " + value);
            }
        });
        Map<String, String> shown = new TreeMap<>();
        all.forEach((name, lines) -> shown.put(name, String.join("; ", lines)));
        return shown;
    }
}
