package org.merlin.backlog.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks at the places that a segment's own bookkeeping names, before Chronicle goes there: it follows a damaged one to wherever that
 * leads, and lists all that would lie before it until no memory is left. As Chronicle Queue 2026.4 writes it: the file's first document has the
 * last record's place ({@code writePosition}) and that of a list ({@code index2Index}) of lists of every 64th record's.
 */
final class SegmentIndex {
    private static final int LENGTH = 0x3fff_ffff;
    private static final int HEAD_BYTES = 4_096;
    /** Of a list: 1,024 by our roll cycle. */
    private static final int MAX_ENTRIES = 1 << 10;

    private static final int NAME = 0xb9;
    private static final int PADDING = 0x8f;
    private static final int PADDING_OF = 0x8e;
    private static final int LONG = 0xa7;
    private static final int LONGS = 0x8d;

    private final FileChannel file;
    private final long size;

    private SegmentIndex(FileChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    /** Whether all places it names lie within the file; not, where it is no such bookkeeping at all. */
    static boolean isWithin(Path segment) throws IOException {
        Path records = segment.resolve(ChronicleRuntime.recordsFile());
        if (Files.notExists(records)) {
            return false;
        }
        try (FileChannel file = FileChannel.open(records)) {
            return new SegmentIndex(file).isWithin();
        }
    }

    private boolean isWithin() throws IOException {
        ByteBuffer head = document(0, HEAD_BYTES);
        if (!behind(head, "writePosition") || !tag(head, LONGS) || !isArray(head) || !isInside(head.getLong())) {
            return false;
        }
        head.position(0);
        if (!behind(head, "index2Index") || !tag(head, LONG)) {
            return false;
        }
        long lists = head.getLong();
        return lists == 0 || isInside(lists) && leadInside(lists, true);
    }

    private boolean isInside(long place) {
        return place >= 0 && place < size;
    }

    /** Whether the places in a list are, and those in the lists that lie there. */
    private boolean leadInside(long list, boolean ofLists) throws IOException {
        ByteBuffer in = document(list, HEAD_BYTES + MAX_ENTRIES * Long.BYTES);
        if (in.remaining() < 2 || (in.get() & 0xff) != NAME) {
            return false;
        }
        int name = in.get() & 0xff;
        if (in.remaining() < name) {
            return false;
        }
        in.position(in.position() + name);
        if (!tag(in, LONGS)) {
            return false;
        }
        int from = in.position() + Long.BYTES;
        if (!isArray(in)) {
            return false;
        }
        long used = in.getLong(from);
        for (int i = 0; i < used; i++) {
            long place = in.getLong();
            if (!isInside(place) || ofLists && place != 0 && !leadInside(place, false)) {
                return false;
            }
        }
        return true;
    }

    /** Passes the length of an array, and how much of it is used; all that is used is there. */
    private static boolean isArray(ByteBuffer in) {
        if (in.remaining() < 2 * Long.BYTES) {
            return false;
        }
        long length = in.getLong();
        long used = in.getLong();
        return used >= 0 && used <= length && length <= MAX_ENTRIES && in.remaining() >= used * Long.BYTES;
    }

    /** Passes padding and the tag of a value, if it is that one and a value follows. */
    private static boolean tag(ByteBuffer in, int wanted) {
        while (in.remaining() > Long.BYTES) {
            int next = in.get() & 0xff;
            if (next == PADDING_OF) {
                int bytes = in.getInt();
                if (bytes < 0 || bytes > in.remaining()) {
                    return false;
                }
                in.position(in.position() + bytes);
            } else if (next != PADDING) {
                return next == wanted;
            }
        }
        return false;
    }

    /** Goes behind a name. */
    private static boolean behind(ByteBuffer in, String name) {
        byte[] wanted = name.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = in.position(); at + wanted.length <= in.limit(); at++) {
            if (in.slice(at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                in.position(at + wanted.length);
                return true;
            }
        }
        return false;
    }

    /** What a document holds, of its beginning at most so much; empty where there is none. */
    private ByteBuffer document(long at, int most) throws IOException {
        ByteBuffer word = bytes(at, Integer.BYTES);
        int length = word.remaining() < Integer.BYTES ? 0 : word.getInt() & LENGTH;
        return bytes(at + Integer.BYTES, Math.min(length, most));
    }

    private ByteBuffer bytes(long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) > 0) {
            // until all is there, or the file ends
        }
        return bytes.flip();
    }
}
