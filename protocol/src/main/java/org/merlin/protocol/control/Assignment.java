package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.List;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Module to daemon: who runs a check, by the rings as the module has them.
 *
 * @param id of the question
 * @param known whether the scheduler has loaded such an object; if not the rest is empty
 * @param selection the poller group whose hostgroups its host is in, 0 for none
 * @param slot its place in the list that counts: the whole one, or that of the poller group while that has active nodes
 * @param ofSlots length of that list
 * @param inLine names from the runner on, in the order in which they would follow; empty: unassigned
 * @param runsHere whether this node runs it now (in a handover more than one does)
 * @param handover whether the rings concerned are between two states
 * @param why in words
 */
public record Assignment(
        int id,
        boolean known,
        int selection,
        int slot,
        int ofSlots,
        List<String> inLine,
        boolean runsHere,
        boolean handover,
        String why) {
    public Assignment {
        inLine = List.copyOf(inLine);
    }

    public static Assignment unknown(int id) {
        return new Assignment(id, false, 0, 0, 0, List.of(), false, false, "");
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putInt(id)
                .putFlag(known)
                .putInt(selection)
                .putInt(slot)
                .putInt(ofSlots)
                .putList(inLine, BodyWriter::putText)
                .putFlag(runsHere)
                .putFlag(handover)
                .putText(why)
                .body();
    }

    public static Assignment decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new Assignment(
                in.getInt(),
                in.getFlag(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getList(BodyReader::getText),
                in.getFlag(),
                in.getFlag(),
                in.getText());
    }
}
