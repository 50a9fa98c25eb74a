package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * A part of the objects that a loaded list holds.
 *
 * @param lists hash of the list, as it was asked for
 * @param total how many keys it has; -1 if the sender has no such list, or no longer
 * @param from how many come before this part
 * @param keys of objects, ascending
 */
public record ListPart(long lists, int total, int from, List<Long> keys) {
    /** Keys in one part: 64 KiB. */
    public static final int MAX_KEYS = 8_192;
    /** Most keys of a list; of longer ones nobody learns, and checks run everywhere while they differ. */
    public static final int MAX_TOTAL = 1_000_000;

    public ListPart {
        keys = List.copyOf(keys);
    }

    /** Where there is no such list. */
    public static ListPart unknown(long lists) {
        return new ListPart(lists, -1, 0, List.of());
    }

    /** The part of a whole list, all of whose keys are given in ascending order, that answers a query. */
    public static ListPart of(long[] all, ListQuery query) {
        if (all.length > MAX_TOTAL || query.from() < 0 || query.from() > all.length) {
            return unknown(query.lists());
        }
        int end = Math.min(all.length, query.from() + MAX_KEYS);
        List<Long> keys = LongStream.of(Arrays.copyOfRange(all, query.from(), end))
                .boxed()
                .toList();
        return new ListPart(query.lists(), all.length, query.from(), keys);
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putLong(lists)
                .putInt(total)
                .putInt(from)
                .putList(keys, BodyWriter::putLong)
                .body();
    }

    public static ListPart decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        ListPart part = new ListPart(in.getLong(), in.getInt(), in.getInt(), in.getList(BodyReader::getLong));
        if (part.from < 0
                || part.total < -1
                || part.total > MAX_TOTAL
                || part.keys.size() > Math.max(0, (long) part.total - part.from)) {
            throw new MalformedPacketException(
                    "keys " + part.from + " to " + ((long) part.from + part.keys.size()) + " of " + part.total);
        }
        for (int i = 1; i < part.keys.size(); i++) {
            if (part.keys.get(i - 1) >= part.keys.get(i)) {
                throw new MalformedPacketException("keys of objects that do not ascend");
            }
        }
        return part;
    }
}
