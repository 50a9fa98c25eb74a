package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Module to daemon: some of the checks that were asked for.
 *
 * @param id of the question
 * @param rows in the order of the scheduler's objects
 * @param next what to ask from for the rest; -1 if this was the last
 */
public record AssignmentList(int id, List<Row> rows, int next) {
    public AssignmentList {
        rows = List.copyOf(rows);
    }

    /**
     * A check.
     *
     * @param object {@code host} or {@code host;service}
     * @param runner who runs it; empty for nobody
     * @param next who would if that one were gone; empty for nobody
     * @param overdueSeconds for how long its result is missing; 0 if it is not overdue
     */
    public record Row(String object, String runner, String next, int overdueSeconds) {}

    public ByteBuffer encode() {
        return new BodyWriter()
                .putInt(id)
                .putList(
                        rows,
                        (out, row) -> out.putText(row.object)
                                .putText(row.runner)
                                .putText(row.next)
                                .putInt(row.overdueSeconds))
                .putInt(next)
                .body();
    }

    public static AssignmentList decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader reader = new BodyReader(body);
        return new AssignmentList(
                reader.getInt(),
                reader.getList(in -> new Row(in.getText(), in.getText(), in.getText(), in.getInt())),
                reader.getInt());
    }
}
