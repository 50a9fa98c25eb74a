package org.merlin.module.nagios;

import static org.merlin.module.nagios.ObjectField.CHECK_TYPE;
import static org.merlin.module.nagios.ObjectField.CURRENT_ATTEMPT;
import static org.merlin.module.nagios.ObjectField.CURRENT_EVENT_ID;
import static org.merlin.module.nagios.ObjectField.CURRENT_NOTIFICATION_NUMBER;
import static org.merlin.module.nagios.ObjectField.CURRENT_PROBLEM_ID;
import static org.merlin.module.nagios.ObjectField.CURRENT_STATE;
import static org.merlin.module.nagios.ObjectField.FLAPPING_COMMENT_ID;
import static org.merlin.module.nagios.ObjectField.IS_FLAPPING;
import static org.merlin.module.nagios.ObjectField.LAST_EVENT_ID;
import static org.merlin.module.nagios.ObjectField.LAST_HARD_STATE;
import static org.merlin.module.nagios.ObjectField.LAST_HARD_STATE_CHANGE;
import static org.merlin.module.nagios.ObjectField.LAST_NOTIFICATION;
import static org.merlin.module.nagios.ObjectField.LAST_PROBLEM_ID;
import static org.merlin.module.nagios.ObjectField.LAST_STATE;
import static org.merlin.module.nagios.ObjectField.LAST_STATE_CHANGE;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_0;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_1;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_2;
import static org.merlin.module.nagios.ObjectField.LAST_TIME_3;
import static org.merlin.module.nagios.ObjectField.NEXT_NOTIFICATION;
import static org.merlin.module.nagios.ObjectField.NOTIFIED_ON;
import static org.merlin.module.nagios.ObjectField.NO_MORE_NOTIFICATIONS;
import static org.merlin.module.nagios.ObjectField.PERCENT_STATE_CHANGE;
import static org.merlin.module.nagios.ObjectField.PROBLEM_HAS_BEEN_ACKNOWLEDGED;
import static org.merlin.module.nagios.ObjectField.STATE_HISTORY;
import static org.merlin.module.nagios.ObjectField.STATE_HISTORY_INDEX;
import static org.merlin.module.nagios.ObjectField.STATE_TYPE;

import java.time.Clock;
import java.time.Instant;
import java.util.OptionalLong;
import org.merlin.module.hook.Attributes;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;

/** The scheduler as the module knows it. All on the scheduler's own thread but {@link #wake}. */
final class NagiosPort implements SchedulerPort {
    private static final int MAX_LIST = 1_000_000;
    private static final int USER_COMMENT = 1;
    /** Of a service's check, in seconds, where the scheduler does not show its own. */
    private static final int USUAL_TIMEOUT = 60;

    private final Inventory inventory;
    private final Layout layout;
    private final String description;
    private final Calls calls;
    private final Clock clock;
    private final Memory64 memory = new Memory64();
    private final ObjectLayout host;
    private final ObjectLayout service;
    private boolean applying;

    NagiosPort(Inventory inventory, Layout layout, String description, Calls calls, Clock clock) {
        this.inventory = inventory;
        this.layout = layout;
        this.description = description;
        this.calls = calls;
        this.clock = clock;
        this.host = layout.part("host");
        this.service = layout.part("service");
    }

    /** Whether results and commands that the scheduler tells now come from what we gave it. */
    boolean applying() {
        return applying;
    }

    private void applying(Runnable giving) {
        applying = true;
        try {
            giving.run();
        } finally {
            applying = false;
        }
    }

    @Override
    public void wake() {
        Shim.ring();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public int checkTimeoutSeconds() {
        return Math.max(timeout("host_check_timeout"), timeout("service_check_timeout"));
    }

    private int timeout(String symbol) {
        long address = Shim.symbol(symbol);
        return address == 0 ? USUAL_TIMEOUT : Math.max(1, memory.number(address));
    }

    @Override
    public LoadedObjects objects() {
        return inventory.loaded();
    }

    // --- results ----------------------------------------------------------------------------------------------------

    @Override
    public void apply(int index, CheckResult result, int revision, boolean aloud) {
        applying(() -> calls.process(result));
        overwrite(index, result);
        if (!aloud) {
            count(index, result.notification());
        }
    }

    /** The runner's figures over what our scheduler's own rules made. */
    private void overwrite(int index, CheckResult result) {
        History history = result.history();
        Fields to = fields(index);
        to.put(CURRENT_STATE, result.state());
        to.put(STATE_TYPE, result.stateType().ordinal());
        to.put(CURRENT_ATTEMPT, result.attempt());
        to.put(LAST_STATE, history.lastState());
        to.put(LAST_HARD_STATE, history.lastHardState());
        to.put(CHECK_TYPE, result.checkType().ordinal());
        to.seconds(LAST_STATE_CHANGE, history.lastStateChangeMicros());
        to.seconds(LAST_HARD_STATE_CHANGE, history.lastHardStateChangeMicros());
        to.seconds(LAST_TIME_0, history.lastTimes().state0());
        to.seconds(LAST_TIME_1, history.lastTimes().state1());
        to.seconds(LAST_TIME_2, history.lastTimes().state2());
        if (!inventory.isHost(index)) {
            to.seconds(LAST_TIME_3, history.lastTimes().state3());
        }
        to.put(CURRENT_EVENT_ID, history.eventId());
        to.put(LAST_EVENT_ID, history.lastEventId());
        to.put(CURRENT_PROBLEM_ID, history.problemId());
        to.put(LAST_PROBLEM_ID, history.lastProblemId());
        flapping(index, to, history);
    }

    private void flapping(int index, Fields to, History history) {
        to.put(PERCENT_STATE_CHANGE, Double.doubleToRawLongBits(history.percentChange()));
        if (history.lately() != 0) {
            for (int i = 0; i < ObjectReader.STATES; i++) {
                to.put(STATE_HISTORY, i, (int) (history.lately() >> 2 * i & 3));
            }
            to.put(STATE_HISTORY_INDEX, (int) (history.lately() >> 2 * ObjectReader.STATES) % ObjectReader.STATES);
        }
        if (to.number(IS_FLAPPING) != 0 && !history.flapping()) {
            long comment = to.wide(FLAPPING_COMMENT_ID);
            if (comment != 0) {
                calls.deleteComment(inventory.isHost(index), comment);
                to.put(FLAPPING_COMMENT_ID, 0L);
            }
        }
        to.put(IS_FLAPPING, history.flapping() ? 1 : 0);
    }

    /** An object as the scheduler has it: found by walking its own lists, so it is there until a reload. */
    private Fields fields(int index) {
        return Fields.at(inventory.address(index), inventory.isHost(index) ? host : service);
    }

    @Override
    public void history(int index, CheckResult result) {
        Shim.say("merlin: older result of " + result.object() + " at "
                + Instant.ofEpochSecond(result.timing().endMicros() / 1_000_000) + ": state " + result.state() + ", "
                + result.output().text());
    }

    @Override
    public void runSoon(int index) {
        calls.schedule(inventory.isHost(index), inventory.address(index), seconds());
    }

    @Override
    public void execute(ExternalCommand command) {
        applying(() -> calls.execute("[" + command.entrySeconds() + "] " + command.name()
                + (command.arguments().isEmpty() ? "" : ";" + command.arguments())));
    }

    private long seconds() {
        return clock.instant().getEpochSecond();
    }

    private void execute(String name, MonitoredObject object, String arguments) {
        String kind = object.isHost() ? "HOST" : "SVC";
        execute(new ExternalCommand(
                name.replace("*", kind),
                (object.isHost() ? object.host() : object.host() + ";" + object.service()) + arguments,
                seconds()));
    }

    // --- notifications ----------------------------------------------------------------------------------------------

    @Override
    public NotificationCount count(int index) {
        Fields of = fields(index);
        return new NotificationCount(
                Math.max(0, of.number(CURRENT_NOTIFICATION_NUMBER)),
                of.wide(LAST_NOTIFICATION) * 1_000_000,
                of.wide(NEXT_NOTIFICATION) * 1_000_000,
                of.number(NOTIFIED_ON),
                of.number(NO_MORE_NOTIFICATIONS) != 0);
    }

    @Override
    public void count(int index, NotificationCount count) {
        Fields to = fields(index);
        to.put(CURRENT_NOTIFICATION_NUMBER, count.number());
        to.seconds(LAST_NOTIFICATION, count.lastMicros());
        to.seconds(NEXT_NOTIFICATION, count.nextMicros());
        to.put(NOTIFIED_ON, count.notifiedOn());
        to.put(NO_MORE_NOTIFICATIONS, count.noMore() ? 1 : 0);
    }

    /** Takes back what the scheduler counted before it asked. */
    void uncount(int index) {
        if (layout.countsBeforeAsking()) {
            Fields of = fields(index);
            of.put(CURRENT_NOTIFICATION_NUMBER, Math.max(0, of.number(CURRENT_NOTIFICATION_NUMBER) - 1));
        }
    }

    @Override
    public void tellContacts(int index, int notifiedOn) {
        Fields of = fields(index);
        boolean recovery = of.number(CURRENT_STATE) == 0;
        NotificationCount before = count(index);
        if (recovery) {
            of.put(NOTIFIED_ON, before.notifiedOn() | notifiedOn);
            of.put(CURRENT_NOTIFICATION_NUMBER, Math.max(1, before.number()));
        }
        calls.tellContacts(inventory.isHost(index), inventory.address(index));
        if (recovery) {
            count(index, NotificationCount.NONE);
        }
    }

    // --- comments and downtimes -------------------------------------------------------------------------------------

    @Override
    public long addComment(int index, Comment comment) {
        return calls.addComment(comment);
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        long at = head("comment_list");
        for (int i = 0; at != 0 && i < MAX_LIST; i++) {
            if (memory.number(at + layout.at("comment.entry_type")) == USER_COMMENT
                    && wide(at, "comment.entry_time") == comment.entrySeconds()
                    && isText(at, "comment.host_name", comment.object().host())
                    && isText(
                            at, "comment.service_description", comment.object().service())
                    && isText(at, "comment.author", comment.author())
                    && isText(at, "comment.comment_data", comment.text())) {
                return OptionalLong.of(wide(at, "comment.comment_id"));
            }
            at = wide(at, "comment.next");
        }
        return OptionalLong.empty();
    }

    private long head(String symbol) {
        long list = Shim.symbol(symbol);
        return list == 0 ? 0 : memory.pointer(list);
    }

    private long wide(long at, String name) {
        return memory.pointer(at + layout.at(name));
    }

    private boolean isText(long at, String name, String text) {
        return memory.text(wide(at, name)).orElse("").equals(text);
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return kind == Deletion.Kind.COMMENT
                ? calls.hasComment(inventory.isHost(index), id)
                : calls.hasDowntime(inventory.isHost(index), id);
    }

    @Override
    public void deleteComment(int index, long id) {
        calls.deleteComment(inventory.isHost(index), id);
    }

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        long trigger = triggeredBy == 0 ? 0 : calls.downtime(triggeredBy);
        long id = calls.addDowntime(downtime, triggeredBy);
        if (id != 0 && trigger != 0 && memory.number(trigger + layout.at("downtime.is_in_effect")) != 0) {
            calls.startDowntime(id); // what triggers it has begun already, and triggers nothing more
        }
        return id;
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        long at = head("scheduled_downtime_list");
        for (int i = 0; at != 0 && i < MAX_LIST; i++) {
            if (wide(at, "downtime.entry_time") == downtime.entrySeconds()
                    && wide(at, "downtime.start_time") == downtime.startSeconds()
                    && wide(at, "downtime.end_time") == downtime.endSeconds()
                    && isText(at, "downtime.host_name", downtime.object().host())
                    && isText(
                            at,
                            "downtime.service_description",
                            downtime.object().service())
                    && isText(at, "downtime.author", downtime.author())
                    && isText(at, "downtime.comment", downtime.text())) {
                return OptionalLong.of(wide(at, "downtime.downtime_id"));
            }
            at = wide(at, "downtime.next");
        }
        return OptionalLong.empty();
    }

    @Override
    public void deleteDowntime(int index, long id) {
        calls.deleteDowntime(inventory.isHost(index), id);
    }

    // --- acknowledgements and switches ------------------------------------------------------------------------------

    @Override
    public boolean isAcknowledged(int index) {
        return fields(index).number(PROBLEM_HAS_BEEN_ACKNOWLEDGED) != 0;
    }

    @Override
    public void acknowledge(int index, Acknowledgement of, boolean tellContacts) {
        execute(
                "ACKNOWLEDGE_*_PROBLEM",
                inventory.name(index),
                ";" + (of.sticky() ? 2 : 1) + ";" + (tellContacts ? 1 : 0) + ";" + (of.persistent() ? 1 : 0) + ";"
                        + of.author() + ";" + of.text());
    }

    @Override
    public void removeAcknowledgement(int index) {
        execute("REMOVE_*_ACKNOWLEDGEMENT", inventory.name(index), "");
    }

    @Override
    public void set(Register register) {
        Attributes.command(register, seconds()).ifPresent(this::execute);
    }
}
