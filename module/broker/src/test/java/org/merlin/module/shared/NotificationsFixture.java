package org.merlin.module.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.merlin.module.hook.KnownStates;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.CheckType;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.StateType;
import org.merlin.protocol.node.Selection;
import org.merlin.protocol.slot.PeerRing;
import org.merlin.protocol.slot.RingView;
import org.merlin.protocol.slot.RunnerRule;
import org.merlin.protocol.slot.SlotTable;

/** Notifications of a node among these: leia and luke are masters, chewie is their poller. */
abstract class NotificationsFixture {
    static final long SECOND = 1_000_000_000L;
    static final long MONTH_MICROS = TimeUnit.DAYS.toMicros(30);
    static final long HOLD = 5 * SECOND;
    static final Selection REMOTE = Selection.of(List.of("remote"));

    /** Leia's and luke's, in this order; then two of the poller, whose shares would be leia's and luke's again. */
    static final int LEIAS = 0;

    static final int LUKES = 1;
    static final int FAR = 2;

    static final List<MonitoredObject> OBJECTS = List.of(
            MonitoredObject.ofHost("a"),
            MonitoredObject.ofHost("b"),
            MonitoredObject.ofHost("c"),
            MonitoredObject.ofHost("d"));

    final ModelScheduler scheduler = new ModelScheduler(OBJECTS);
    final List<Notification> told = new ArrayList<>();
    KnownStates states;
    Notifications notifications;
    int revision;
    boolean grown = true;

    final Teller teller = new Teller() {
        @Override
        public EventName tell(int index, Event event, int ofRevision, long timeMicros) {
            told.add((Notification) event);
            return new EventName(1, 1, told.size());
        }

        @Override
        public EventName tellAll(long key, Event event, int ofRevision, long timeMicros, boolean masters) {
            throw new IllegalStateException("notifications are of objects");
        }

        @Override
        public long origin() {
            return 1;
        }
    };

    static RingView agreed(String... names) {
        return RingView.settled(PeerRing.of(names));
    }

    static RingView inDoubt(String... names) {
        return new RingView(PeerRing.of(names), false, List.of());
    }

    static RunnerRule master(String self, RingView own, RingView pollers) {
        return new RunnerRule(self, own, Map.of(REMOTE.id(), pollers), Map.of());
    }

    static RunnerRule poller() {
        return new RunnerRule("chewie", agreed("chewie"), Map.of(), Map.of());
    }

    static Set<String> silent(boolean is) {
        return is ? Set.of("chewie") : Set.of();
    }

    /** A node that has run for a while with some rings. */
    void start(RunnerRule rings, boolean notifies, Set<String> silent, boolean masters) {
        SlotTable slots = SlotTable.of(
                OBJECTS, List.of(List.of(), List.of(), List.of("remote"), List.of("remote")), List.of(REMOTE));
        states = new KnownStates(slots, 1, new int[OBJECTS.size()]);
        Notifications.Rule rule = new Notifications.Rule(rings.self(), notifies, silent, masters, HOLD, SECOND);
        notifications = new Notifications(
                rule,
                slots,
                states,
                new ObjectIndex(slots),
                scheduler,
                teller,
                rings,
                configured(rings.self()),
                grown ? -40 * SECOND : 0);
        if (grown) {
            notifications.onTick(true, -3 * SECOND, () -> false);
            notifications.onTick(true, 0, () -> false); // it has compared what it found at its start
        }
    }

    static RunnerRule configured(String self) {
        return self.equals("chewie") ? poller() : master(self, agreed("leia", "luke"), agreed("chewie"));
    }

    void startMaster(String self, boolean pollerIsSilent) {
        start(master(self, agreed("leia", "luke"), agreed("chewie")), true, silent(pollerIsSilent), false);
    }

    /** A confirmed state of an object, found here or elsewhere. */
    CheckResult found(int index, int state) {
        int before = Math.max(0, states.current(index));
        CheckResult result = result(index, before, state, StateType.HARD);
        result = result.of(states.problem(index).then(before, state, revision));
        states.set(index, revision, revision, 1);
        states.setState(index, result);
        return result;
    }

    CheckResult result(int index, int before, int state, StateType type) {
        revision++;
        return new CheckResult(
                OBJECTS.get(index),
                state,
                type,
                1,
                1,
                CheckType.ACTIVE,
                CheckResult.Output.of(""),
                new CheckResult.Timing(0, revision, 0, 0, 0),
                new CheckResult.History(before, 0, 1, 1, CheckResult.LastTimes.NEVER, 0, 0, 0, 0, false, 0),
                NotificationCount.NONE);
    }

    Notification mail(int index, int state, int number) {
        NotificationCount count = new NotificationCount(number, revision, 0, 1 << state, false);
        return new Notification(
                OBJECTS.get(index), Notification.NORMAL, state, 1, count, states.problem(index), "", "");
    }

    boolean may(int index) {
        return notifications.mayNotify(index, Notification.NORMAL, false, 0);
    }

    void afterReplay() {
        notifications.onReplay(0);
        notifications.onTick(true, 10 * SECOND, () -> false);
    }

    void tell(int index, int state, long micros) {
        found(index, state);
        notifications.onNotification(index, mail(index, state, 1), micros);
        notifications.flush();
    }

    /** As {@link #mail}, of a problem that another node saw begin at another revision. */
    Notification mailOf(int began, int index, int state) {
        Notification of = mail(index, state, 1);
        return new Notification(
                of.object(), of.reason(), state, 1, of.count(), new Problem(began, began), of.author(), of.text());
    }

    /** From now on the master that has this node's states is the one who tells. */
    void startOver(int index, CheckResult present) {
        notifications.use(
                master("luke", agreed("luke"), agreed("chewie")), new Notifications.Sight(false, false, false));
        states.setState(index, present);
        notifications.onTick(true, 3 * SECOND, () -> false);
    }

    void startInDoubt(String self) {
        start(master(self, inDoubt("leia", "luke"), agreed("chewie")), true, Set.of(), false);
    }
}
