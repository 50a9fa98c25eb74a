package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.merlin.module.hook.Attributes;
import org.merlin.module.scheduler.LoadedObjects;
import org.merlin.module.scheduler.SchedulerPort;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Register;

/** The scheduler as the module knows it. All on the scheduler's own thread but {@link #wake}. */
final class NagiosPort implements SchedulerPort {
    private static final int SPEC_BYTES = 256 * 1024;
    private static final int DOWN = 2;
    private static final int SERVICE_CHECK = 0;
    private static final int HOST_CHECK = 1;
    private static final int ACTIVE = 0;

    private final Inventory inventory;
    private final Layout layout;
    private final String description;
    private final ByteBuffer spec = Shim.direct(SPEC_BYTES);
    private final ByteBuffer field = Shim.direct(Long.BYTES);
    private final long scheduleHost = Shim.symbol("schedule_host_check");
    private final long scheduleService = Shim.symbol("schedule_service_check");
    private boolean applying;
    private boolean muted = true;

    NagiosPort(Inventory inventory, Layout layout, String description) {
        this.inventory = inventory;
        this.layout = layout;
        this.description = description;
    }

    /** Whether what the scheduler tells now comes from what we gave it. */
    boolean applying() {
        return applying;
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
    public LoadedObjects objects() {
        return inventory.loaded();
    }

    @Override
    public void apply(int index, CheckResult result, int revision, boolean aloud) {
        fill(result);
        applying = true;
        muted = !aloud;
        try {
            Shim.result(spec);
        } finally {
            applying = false;
            muted = true;
        }
        long at = inventory.address(index);
        String type = result.object().isHost() ? "host." : "service.";
        overwrite(at, type, result);
        if (!aloud) {
            put(at, type, "current_notification_number", result.notification().number());
            seconds(at, type, "last_notification", result.notification().lastMicros());
            seconds(at, type, "next_notification", result.notification().nextMicros());
        }
    }

    /** Whether notifications and event handlers that come of what we gave it are to be blocked. */
    boolean muted() {
        return applying && muted;
    }

    private void fill(CheckResult result) {
        boolean host = result.object().isHost();
        int code = host && result.state() != 0 ? DOWN : result.state();
        spec.clear();
        spec.putInt(host ? HOST_CHECK : SERVICE_CHECK)
                .putInt(ACTIVE)
                .putInt(code)
                .putInt(0);
        spec.putDouble(result.timing().latencyMicros() / 1e6);
        time(result.timing().startMicros());
        time(result.timing().endMicros());
        text(result.object().host());
        if (host) {
            spec.putInt(-1);
        } else {
            text(result.object().service());
        }
        text(plugin(result.output()));
        text("Merlin");
        spec.flip();
    }

    /** As the plugin printed it: first line, performance data, then the further lines. */
    private static String plugin(CheckResult.Output output) {
        String first = output.perfData().isEmpty() ? output.text() : output.text() + "|" + output.perfData();
        String rest = output.longText().isEmpty() ? "" : "\n" + output.longText();
        return first + rest;
    }

    private void time(long micros) {
        spec.putLong(micros / 1_000_000).putLong(micros % 1_000_000);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        spec.putInt(bytes.length).put(bytes);
    }

    /** The runner's figures over what our scheduler's own rules made. */
    private void overwrite(long at, String type, CheckResult result) {
        History history = result.history();
        put(at, type, "current_state", result.state());
        put(at, type, "state_type", result.stateType().ordinal());
        put(at, type, "current_attempt", result.attempt());
        put(at, type, "last_state", history.lastState());
        put(at, type, "last_hard_state", history.lastHardState());
        put(at, type, "check_type", result.checkType().ordinal());
        put(at, type, "is_flapping", history.flapping() ? 1 : 0);
        seconds(at, type, "last_state_change", history.lastStateChangeMicros());
        seconds(at, type, "last_hard_state_change", history.lastHardStateChangeMicros());
        seconds(at, type, "last_time_0", history.lastTimes().state0());
        seconds(at, type, "last_time_1", history.lastTimes().state1());
        seconds(at, type, "last_time_2", history.lastTimes().state2());
        if (layout.has(type + "last_time_3")) {
            seconds(at, type, "last_time_3", history.lastTimes().state3());
        }
        wide(at, type, "current_event_id", history.eventId());
        wide(at, type, "last_event_id", history.lastEventId());
        wide(at, type, "current_problem_id", history.problemId());
        wide(at, type, "last_problem_id", history.lastProblemId());
        wide(at, type, "percent_state_change", Double.doubleToRawLongBits(history.percentChange()));
    }

    private void put(long at, String type, String name, int value) {
        Shim.write(at + layout.at(type + name), field.putInt(0, value), Integer.BYTES);
    }

    private void seconds(long at, String type, String name, long micros) {
        wide(at, type, name, micros / 1_000_000);
    }

    private void wide(long at, String type, String name, long value) {
        Shim.write(at + layout.at(type + name), field.putLong(0, value), Long.BYTES);
    }

    @Override
    public void history(int index, CheckResult result) {
        Shim.say("merlin: older result of " + result.object() + " at "
                + Instant.ofEpochSecond(result.timing().endMicros() / 1_000_000) + ": state " + result.state() + ", "
                + result.output().text());
    }

    @Override
    public void runSoon(int index) {
        long function = inventory.isHost(index) ? scheduleHost : scheduleService;
        if (function != 0) {
            Shim.call(function, inventory.address(index), Instant.now().getEpochSecond(), 0);
        }
    }

    @Override
    public void execute(ExternalCommand command) {
        applying = true;
        try {
            Shim.execute("[" + command.entrySeconds() + "] " + command.name()
                    + (command.arguments().isEmpty() ? "" : ";" + command.arguments()));
        } finally {
            applying = false;
        }
    }

    @Override
    public void count(int index, CheckResult.NotificationCount count) {
        // not in this release
    }

    @Override
    public void tellContacts(int index, int notifiedOn) {
        // not in this release
    }

    @Override
    public long addComment(int index, Comment comment) {
        return 0;
    }

    @Override
    public OptionalLong findComment(int index, Comment comment) {
        return OptionalLong.empty();
    }

    @Override
    public boolean has(Deletion.Kind kind, int index, long id) {
        return true;
    }

    @Override
    public void deleteComment(int index, long id) {
        // not in this release
    }

    @Override
    public long addDowntime(int index, Downtime downtime, long triggeredBy) {
        return 0;
    }

    @Override
    public OptionalLong findDowntime(int index, Downtime downtime) {
        return OptionalLong.empty();
    }

    @Override
    public void deleteDowntime(int index, long id) {
        // not in this release
    }

    @Override
    public boolean isAcknowledged(int index) {
        return false;
    }

    @Override
    public void acknowledge(int index, Acknowledgement acknowledgement, boolean tellContacts) {
        // not in this release
    }

    @Override
    public void removeAcknowledgement(int index) {
        // not in this release
    }

    @Override
    public void set(Register register) {
        Attributes.command(register, 0).ifPresent(this::execute);
    }
}
