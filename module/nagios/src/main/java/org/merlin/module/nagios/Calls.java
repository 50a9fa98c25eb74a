package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.MonitoredObject;

/**
 * The scheduler's own functions, by the same names and with the same arguments in Nagios 4 and Naemon. On the scheduler's thread.
 */
final class Calls {
    private static final int TEXT_BYTES = 256 * 1024;
    private static final int RESULT_BYTES = 280;
    private static final int DOWN = 2;
    private static final int SERVICE_CHECK = 0;
    private static final int HOST_CHECK = 1;
    private static final int HOST_COMMENT = 1;
    private static final int SERVICE_COMMENT = 2;
    private static final int SERVICE_DOWNTIME = 1;
    private static final int HOST_DOWNTIME = 2;
    private static final int ANY_DOWNTIME = 3;
    private static final int USER_COMMENT = 1;

    private final Layout layout;
    private final long engine;
    private final ByteBuffer texts = Shim.direct(TEXT_BYTES);
    private final long textsAt = Shim.address(texts);
    private final ByteBuffer result = Shim.direct(RESULT_BYTES);
    private final long resultAt = Shim.address(result);
    private final ByteBuffer id = Shim.direct(Long.BYTES);
    private final long idAt = Shim.address(id);

    /** A function that this scheduler does not have is 0, and doing without it is all we can. */
    private final long processResult = Shim.symbol("process_check_result");

    private final long command = Shim.symbol("process_external_command1");
    private final long scheduleHost = Shim.symbol("schedule_host_check");
    private final long scheduleService = Shim.symbol("schedule_service_check");
    private final long addComment = Shim.symbol("add_new_comment");
    private final long deleteComment = Shim.symbol("delete_comment");
    private final long findComment = Shim.symbol("find_comment");
    private final long addDowntime = Shim.symbol("schedule_downtime");
    private final long deleteDowntime = Shim.symbol("unschedule_downtime");
    private final long findDowntime = Shim.symbol("find_downtime");
    private final long startDowntime = Shim.symbol("handle_scheduled_downtime_by_id");
    private final long notifyHost = Shim.symbol("host_notification");
    private final long notifyService = Shim.symbol("service_notification");
    private final long duplicate = Shim.symbol("strdup");
    private final long free = Shim.symbol("free");

    Calls(Layout layout, long engine) {
        this.layout = layout;
        this.engine = engine;
    }

    /** Names of functions that are missing and without which nothing goes. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (processResult == 0) {
            missing.add("process_check_result");
        }
        if (command == 0) {
            missing.add("process_external_command1");
        }
        return missing;
    }

    private long call(long function, long... arguments) {
        return function == 0 ? 0 : Shim.call(function, arguments);
    }

    /** Lays a text into the buffer; returns where. All texts of one call must fit; what does not is cut. */
    private long text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.max(0, Math.min(bytes.length, texts.remaining() - 1));
        long at = textsAt + texts.position();
        texts.put(bytes, 0, length).put((byte) 0);
        return at;
    }

    private long textOrNull(String text) {
        return text.isEmpty() ? 0 : text(text);
    }

    /** A copy that the scheduler may free. */
    private long copy(String text) {
        texts.clear();
        return call(duplicate, text(text));
    }

    /** Has the scheduler process a result. */
    void process(CheckResult of) {
        boolean host = of.object().isHost();
        long[] names = {copy(of.object().host()), host ? 0 : copy(of.object().service()), copy("Merlin")};
        result.clear().put(new byte[RESULT_BYTES]);
        result.putInt(0, host ? HOST_CHECK : SERVICE_CHECK);
        result.putLong(8, names[0]).putLong(16, names[1]);
        // its check type stays active: whether passive results are taken is the finder's affair
        if (layout.has("check_result.reschedule_check")) {
            result.putInt(
                    layout.at("check_result.reschedule_check"), 1); // else Nagios drops the check at its next turn
        }
        result.putDouble(56, of.timing().latencyMicros() / 1e6);
        time(64, of.timing().startMicros());
        time(80, of.timing().endMicros());
        result.putInt(layout.at("check_result.exited_ok"), 1);
        result.putInt(layout.at("check_result.return_code"), host && of.state() != 0 ? DOWN : of.state());
        result.putLong(112, copy(plugin(of.output())));
        result.putLong(264, engine).putLong(272, names[2]);
        call(processResult, resultAt);
        call(free, result.getLong(112)); // the scheduler may have put another one there
        for (long name : names) {
            call(free, name);
        }
    }

    private void time(int at, long micros) {
        result.putLong(at, micros / 1_000_000).putLong(at + 8, micros % 1_000_000);
    }

    /** As the plugin printed it: first line, performance data, then the further lines. */
    private static String plugin(CheckResult.Output output) {
        String first = output.perfData().isEmpty() ? output.text() : output.text() + "|" + output.perfData();
        return output.longText().isEmpty() ? first : first + "\n" + output.longText();
    }

    /** Has the scheduler execute an external command: {@code [time] NAME;arguments}. */
    void execute(String line) {
        texts.clear();
        call(command, text(line));
    }

    void schedule(boolean host, long object, long atSeconds) {
        call(host ? scheduleHost : scheduleService, object, atSeconds, 0);
    }

    /** Returns its id, 0 if it was not taken. */
    long addComment(Comment comment) {
        MonitoredObject object = comment.object();
        texts.clear();
        id.putLong(0, 0);
        call(
                addComment,
                commentType(object.isHost()),
                USER_COMMENT,
                text(object.host()),
                textOrNull(object.service()),
                comment.entrySeconds(),
                text(comment.author()),
                text(comment.text()),
                comment.persistent() ? 1 : 0,
                comment.source(),
                comment.expireSeconds() == 0 ? 0 : 1,
                comment.expireSeconds(),
                idAt);
        return id.getLong(0);
    }

    private static int commentType(boolean host) {
        return host ? HOST_COMMENT : SERVICE_COMMENT;
    }

    private static int downtimeType(boolean host) {
        return host ? HOST_DOWNTIME : SERVICE_DOWNTIME;
    }

    void deleteComment(boolean host, long comment) {
        call(deleteComment, commentType(host), comment);
    }

    boolean hasComment(boolean host, long comment) {
        return findComment == 0 || call(findComment, comment, commentType(host)) != 0;
    }

    /** Returns its id, 0 if it was not taken. */
    long addDowntime(Downtime downtime, long triggeredBy) {
        MonitoredObject object = downtime.object();
        texts.clear();
        id.putLong(0, 0);
        call(
                addDowntime,
                downtimeType(object.isHost()),
                text(object.host()),
                textOrNull(object.service()),
                downtime.entrySeconds(),
                text(downtime.author()),
                text(downtime.text()),
                downtime.startSeconds(),
                downtime.endSeconds(),
                downtime.fixed() ? 1 : 0,
                triggeredBy,
                downtime.durationSeconds(),
                idAt);
        return id.getLong(0);
    }

    void deleteDowntime(boolean host, long downtime) {
        call(deleteDowntime, downtimeType(host), downtime);
    }

    boolean hasDowntime(boolean host, long downtime) {
        return findDowntime == 0 || call(findDowntime, downtimeType(host), downtime) != 0;
    }

    /** Address of a downtime; 0 if there is none. */
    long downtime(long downtime) {
        return call(findDowntime, ANY_DOWNTIME, downtime);
    }

    void startDowntime(long downtime) {
        call(startDowntime, downtime);
    }

    /** Has the scheduler tell contacts of an object's present state, if its rules want it. */
    void tellContacts(boolean host, long object) {
        call(host ? notifyHost : notifyService, object, 0, 0, 0, 0);
    }
}
