package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.merlin.module.Broker.CommentKind;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;

/** A scheduler that keeps what people note, by the rules of Nagios, and numbers it by itself. */
final class ModelScheduler implements SchedulerPort {
    record Noted(int index, CommentKind kind, String text, boolean persistent) {}

    private record Scheduled(int index, String text, long triggeredBy, long comment) {}

    private final List<MonitoredObject> objects;
    final int[] states;
    final TreeMap<Long, Noted> comments = new TreeMap<>();
    private final TreeMap<Long, Scheduled> downtimes = new TreeMap<>();
    private final Acknowledgement[] acknowledged;
    private final Map<String, String> registers = new HashMap<>();
    final List<Integer> told = new ArrayList<>();
    final List<Integer> soon = new ArrayList<>();
    IntConsumer whenTold = index -> {};
    final Map<Integer, CheckResult.NotificationCount> counts = new HashMap<>();
    Ledger listener;
    Acknowledgements echo;
    private long nextId = 1;

    ModelScheduler(List<MonitoredObject> objects) {
        this.objects = objects;
        states = new int[objects.size()];
        acknowledged = new Acknowledgement[objects.size()];
    }

    /** All that people see, without numbers that differ by right. */
    String shown() {
        TreeSet<String> all = new TreeSet<>();
        comments.values().forEach(of -> all.add("comment " + of.index + " " + of.text));
        downtimes.values().forEach(of -> all.add("downtime " + of.index + " " + of.text));
        registers.forEach((place, value) -> all.add(place + "=" + value));
        for (int i = 0; i < states.length; i++) {
            all.add("state " + i + " " + states[i] + (acknowledged[i] == null ? "" : " " + acknowledged[i].text()));
        }
        return String.join("\n", all);
    }

    /** Nagios' own rules: what is not sticky ends with the state, all ends with the problem. */
    void process(int index, int state) {
        if (acknowledged[index] != null && state != states[index] && (state == 0 || !acknowledged[index].sticky())) {
            clear(index);
        }
        states[index] = state;
    }

    long commentFor(int index, CommentKind kind, String text, boolean persistent) {
        long id = nextId++;
        comments.put(id, new Noted(index, kind, text, persistent));
        Comment comment = new Comment(objects.get(index), 0, "", text, persistent, 0, 0);
        listener.onComment(index, id, kind, comment);
        return id;
    }

    Optional<Long> anyComment(Random random) {
        return any(new ArrayList<>(comments.keySet()), random);
    }

    Optional<Long> anyDowntime(Random random) {
        return any(new ArrayList<>(downtimes.keySet()), random);
    }

    private static Optional<Long> any(List<Long> ids, Random random) {
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
    }

    /** Deletes a downtime and those that it triggers, and their comments; returns which. */
    List<Long> deleteDowntimes(long id) {
        List<Long> gone = new ArrayList<>();
        Scheduled was = downtimes.remove(id);
        if (was != null) {
            gone.add(id);
            if (comments.remove(was.comment) != null) {
                listener.onGone(Deletion.Kind.COMMENT, was.comment, false, 0);
            }
            for (long child : new ArrayList<>(downtimes.keySet())) {
                if (downtimes.containsKey(child) && downtimes.get(child).triggeredBy == id) {
                    gone.addAll(deleteDowntimes(child));
                }
            }
        }
        return gone;
    }

    /** As at a restart; the comment of an acknowledgement stays while it holds. */
    void forgetWhatIsNotPersistent() {
        comments.values().removeIf(of -> !of.persistent && of.kind == CommentKind.USER);
    }

    /** The acknowledgement ends, and with it the comments of it that are not to stay. */
    void clear(int index) {
        acknowledged[index] = null;
        for (long id : new ArrayList<>(comments.keySet())) {
            Noted of = comments.get(id);
            if (of.index == index && of.kind == CommentKind.ACKNOWLEDGEMENT && !of.persistent) {
                comments.remove(id);
                listener.onGone(Deletion.Kind.COMMENT, id, false, 0);
            }
        }
    }

    void set(int index, Acknowledgement acknowledgement) {
        acknowledged[index] = acknowledgement;
    }

    @Override
    public long addComment(int index, Comment comment) {
        comments.put(nextId, new Noted(index, CommentKind.USER, comment.text(), comment.persistent()));
        return nextId++;
    }

    @Override
    public void deleteComment(int index, long id) {
        comments.remove(id);
    }

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        long id = nextId++;
        long comment = commentFor(index, CommentKind.DOWNTIME, downtime.text(), true);
        downtimes.put(id, new Scheduled(index, downtime.text(), triggeredBy, comment));
        return id;
    }

    /** Somebody here schedules one: the scheduler tells of it before it tells of its comment. */
    void schedule(int index, Downtime downtime, long triggeredBy) {
        long id = nextId++;
        listener.onDowntime(index, id, downtime, triggeredBy);
        long comment = commentFor(index, CommentKind.DOWNTIME, downtime.text(), true);
        downtimes.put(id, new Scheduled(index, downtime.text(), triggeredBy, comment));
    }

    @Override
    public void deleteDowntime(int index, long id) {
        for (long gone : deleteDowntimes(id)) {
            listener.onGone(Deletion.Kind.DOWNTIME, gone, false, 0);
        }
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return kind == Deletion.Kind.COMMENT ? comments.containsKey(id) : downtimes.containsKey(id);
    }

    @Override
    public boolean isAcknowledged(int index) {
        return acknowledged[index] != null;
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {
        if (states[index] != 0) {
            acknowledged[index] = acknowledgement;
            echo.onSet(index, acknowledgement, 0); // it tells of what we gave it, too
            commentFor(index, CommentKind.ACKNOWLEDGEMENT, acknowledgement.text(), acknowledgement.persistent());
        }
    }

    @Override
    public void removeAcknowledgement(int index) {
        clear(index);
    }

    @Override
    public void set(Register register) {
        registers.put(register.place(), register.value());
    }

    @Override
    public void tellContacts(int index, int notifiedOn) {
        told.add(index);
        whenTold.accept(index);
    }

    @Override
    public CheckResult.NotificationCount count(int index) {
        return counts.getOrDefault(index, CheckResult.NotificationCount.NONE);
    }

    @Override
    public void count(int index, CheckResult.NotificationCount count) {
        counts.put(index, count);
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        return OptionalLong.empty();
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return OptionalLong.empty();
    }

    @Override
    public void wake() {}

    @Override
    public String description() {
        return "model";
    }

    @Override
    public int checkTimeoutSeconds() {
        return 60;
    }

    @Override
    public LoadedObjects objects() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void apply(int index, CheckResult result, int revision, boolean aloud) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void history(int index, CheckResult result) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void runSoon(int index) {
        soon.add(index);
    }

    @Override
    public void execute(ExternalCommand command) {
        throw new UnsupportedOperationException();
    }
}
