package org.merlin.daemon.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.merlin.protocol.event.Acknowledgement;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.wire.Chunk;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketCursor;
import org.merlin.protocol.wire.PacketType;

/**
 * Of all events that this daemon ever took, those that still say something about the present: per object the newest result, the
 * newest count of its notifications and the newest acknowledgement, and older ones whose comments stay; per attribute the newest
 * setting; comments and downtimes that are not over; and names of those that were deleted. Items are packets as they came.
 *
 * <p>Which of two is newer is decided by revision, then time, then origin, whatever comes first, and a deletion wins for ever: so
 * tables that took the same events are equal, and taking an item twice changes nothing. Confined to the cluster loop.
 */
public final class StateTable {
    /** Items beyond which no new ones are taken: ten times what the largest sites have. */
    public static final int MAX_ITEMS = 2_000_000;
    /** How long a deletion is remembered: who was away for longer is given the others' set, and offers nothing old. */
    public static final long TOMBSTONE_MICROS = TimeUnit.DAYS.toMicros(30);

    /** Bytes that an item takes beside its packet, about. */
    private static final int ITEM_BYTES = 100;

    private static final long NEVER = Long.MAX_VALUE;

    private final int maxItems;
    private final LongIndex results = new LongIndex();
    private final LongIndex counts = new LongIndex();
    private final LongIndex acknowledgements = new LongIndex();
    private final Map<Object, Integer> named = new HashMap<>();
    private final EventCodec codec = new EventCodec();
    private final PacketCursor taking = new PacketCursor();
    private final PacketCursor before = new PacketCursor();
    private final PacketCursor there = new PacketCursor();
    private Item[] items = new Item[64];
    private int end;
    private final List<Integer> free = new ArrayList<>();
    private int size;
    private long bytes;
    private long refused;

    /** Key of a comment or a downtime: that of the event which made it. */
    private record Named(Deletion.Kind kind, EventName name) {}

    /** A packet, in a buffer that may be longer; one that is not keyed by its object has a key to be forgotten by. */
    private static final class Item {
        private byte[] packet;
        private int length;
        private int type;
        private int revision;
        private long timeMicros;
        private long origin;
        private Object key;
        private long overMicros = NEVER;

        ByteBuffer view() {
            return ByteBuffer.wrap(packet, 0, length);
        }

        /** Whether a packet is newer. */
        boolean isOlderThan(PacketCursor other) {
            return compareTo(other) < 0;
        }

        /** Which is newer, 0 if it is the same; looks at nothing of the one here but what stands beside it. */
        int compareTo(PacketCursor other) {
            int byRevision = Integer.compareUnsigned(revision, other.revision());
            if (byRevision != 0) {
                return byRevision;
            }
            long micros = other.timeMicros();
            return micros != timeMicros
                    ? Long.compare(timeMicros, micros)
                    : Long.compareUnsigned(origin, other.origin());
        }
    }

    public StateTable() {
        this(MAX_ITEMS);
    }

    StateTable(int maxItems) {
        this.maxItems = maxItems;
    }

    // --- what comes in
    // ----------------------------------------------------------------------------------------------------

    /** Takes all packets of a chunk that say something about the present. */
    public void take(Chunk chunk) {
        ByteBuffer in = chunk.packets();
        while (taking.nextWhole(in)) {
            take(taking);
        }
    }

    /**
     * Takes a packet, of any stream, checked when it came in.
     *
     * @return whether it says something new
     */
    public boolean take(PacketCursor packet) {
        return switch (packet.type()) {
            case PacketType.HOST_CHECK, PacketType.SERVICE_CHECK -> takeNewest(results, packet);
            case PacketType.NOTIFICATION -> takeNewest(counts, packet);
            case PacketType.ACKNOWLEDGEMENT,
                    PacketType.COMMENT,
                    PacketType.DOWNTIME,
                    PacketType.DELETION,
                    PacketType.REGISTER,
                    PacketType.REPETITION -> takeDecoded(packet);
            default -> false; // commands and reports happen and are over
        };
    }

    private boolean takeNewest(LongIndex of, PacketCursor packet) {
        int slot = of.get(packet.object());
        if (slot >= 0) {
            return replaceIfNewer(items[slot], packet);
        }
        int fresh = add(packet, null, NEVER);
        if (fresh >= 0) {
            of.put(packet.object(), fresh);
        }
        return fresh >= 0;
    }

    private boolean replaceIfNewer(Item item, PacketCursor packet) {
        if (item.isOlderThan(packet)) {
            replace(item, packet);
            return true;
        }
        return false;
    }

    private boolean takeDecoded(PacketCursor packet) {
        EventName name = new EventName(packet.origin(), packet.epoch(), packet.sequence());
        try {
            return codec.decode(packet.type(), packet.body()).accept(new DecodedItem(packet, name));
        } catch (MalformedPacketException e) {
            return false; // its origin's affair: who applies it says so
        }
    }

    /** Takes what is not known by its header alone: most of it has a name of its own. */
    private final class DecodedItem implements Event.Visitor<Boolean> {
        private final PacketCursor packet;
        private final EventName name;

        DecodedItem(PacketCursor packet, EventName name) {
            this.packet = packet;
            this.name = name;
        }

        @Override
        public Boolean comment(Comment comment) {
            long over = comment.expireSeconds() == 0 ? NEVER : TimeUnit.SECONDS.toMicros(comment.expireSeconds());
            return addOnce(new Named(Deletion.Kind.COMMENT, name), packet, over);
        }

        @Override
        public Boolean downtime(Downtime downtime) {
            long seconds = downtime.endSeconds() + (downtime.fixed() ? 0 : downtime.durationSeconds());
            return addOnce(new Named(Deletion.Kind.DOWNTIME, name), packet, TimeUnit.SECONDS.toMicros(seconds));
        }

        @Override
        public Boolean deletion(Deletion deletion) {
            Named key = new Named(deletion.kind(), deletion.name());
            Integer slot = named.get(key);
            if (slot == null) {
                return addOnce(key, packet, packet.timeMicros() + TOMBSTONE_MICROS);
            }
            Item item = items[slot];
            boolean first = item.type != PacketType.DELETION;
            if (first || item.isOlderThan(packet)) {
                item.overMicros = packet.timeMicros() + TOMBSTONE_MICROS;
                replace(item, packet);
            }
            return first;
        }

        @Override
        public Boolean register(Register register) {
            Integer slot = named.get(register.place());
            return slot == null ? addOnce(register.place(), packet, NEVER) : replaceIfNewer(items[slot], packet);
        }

        @Override
        public Boolean checkResult(CheckResult result) {
            return false; // has the key of its object
        }

        @Override
        public Boolean notification(Notification notification) {
            return false; // so has this
        }

        @Override
        public Boolean acknowledgement(Acknowledgement acknowledgement) {
            int slot = acknowledgements.get(packet.object());
            int order = slot < 0 ? -1 : items[slot].compareTo(packet);
            if (order == 0) {
                keepFirstTold(items[slot], packet);
                return false;
            }
            if (order > 0) {
                return commentOf(packet)
                        .filter(comment -> addOnce(comment, packet, NEVER))
                        .isPresent();
            }
            return slot >= 0 && supersede(slot, packet) || takeNewest(acknowledgements, packet);
        }

        /** Its own origin tells it again. */
        @Override
        public Boolean repetition(Repetition repetition) {
            return repetition.event().accept(new DecodedItem(packet, repetition.name(packet.origin())));
        }

        @Override
        public Boolean externalCommand(ExternalCommand command) {
            return false;
        }

        @Override
        public Boolean contactNotification(ContactNotification notification) {
            return false;
        }
    }

    /**
     * The newest acknowledgement of an object comes; the one before stays in its place if its comment does, so that a walk that goes on
     * meets it.
     *
     * @return false if it need not stay
     */
    private boolean supersede(int slot, PacketCursor packet) {
        Chunk.nextTrusted(before, items[slot].view());
        Optional<Named> comment = commentOf(before);
        boolean stays = comment.filter(key -> !named.containsKey(key)).isPresent();
        int fresh = stays ? add(packet, null, NEVER) : -1;
        if (fresh >= 0) {
            items[slot].key = comment.get();
            named.put(comment.get(), slot);
            acknowledgements.put(packet.object(), fresh);
        } else {
            comment.ifPresent(key -> addOnce(key, before, NEVER));
        }
        return fresh >= 0;
    }

    /** The comment that an acknowledgement leaves on every node also when it is over, unless it is deleted. */
    private Optional<Named> commentOf(PacketCursor packet) {
        try {
            Event event = codec.decode(packet.type(), packet.body());
            EventName name = new EventName(packet.origin(), packet.epoch(), packet.sequence());
            if (event instanceof Repetition repetition) {
                name = repetition.name(packet.origin());
                event = repetition.event();
            }
            return event instanceof Acknowledgement of && of.set() && of.persistent()
                    ? Optional.of(new Named(Deletion.Kind.COMMENT, name))
                    : Optional.empty();
        } catch (MalformedPacketException e) {
            throw new IllegalStateException("what was decoded once is not any more: " + e.getMessage(), e);
        }
    }

    /** Of what its origin told more than once, what it told first stays, so that all have the same. */
    private void keepFirstTold(Item item, PacketCursor packet) {
        Chunk.nextTrusted(there, item.view());
        int byEpoch = Integer.compareUnsigned(packet.epoch(), there.epoch());
        if (byEpoch < 0 || byEpoch == 0 && packet.sequence() < there.sequence()) {
            replace(item, packet);
        }
    }

    private boolean addOnce(Object key, PacketCursor packet, long overMicros) {
        Integer known = named.get(key);
        if (known != null) {
            if (items[known].type != PacketType.DELETION) {
                keepFirstTold(items[known], packet);
            }
            return false;
        }
        int slot = add(packet, key, overMicros);
        if (slot >= 0) {
            named.put(key, slot);
        }
        return slot >= 0;
    }

    private int add(PacketCursor packet, Object key, long overMicros) {
        if (size >= maxItems) {
            refused++;
            return -1;
        }
        if (end == items.length && free.isEmpty()) {
            items = Arrays.copyOf(items, 2 * items.length);
        }
        int slot = free.isEmpty() ? end++ : free.remove(free.size() - 1);
        Item item = new Item();
        item.packet = new byte[0];
        item.key = key;
        item.overMicros = overMicros;
        items[slot] = item;
        size++;
        bytes += ITEM_BYTES;
        replace(item, packet);
        return slot;
    }

    private void replace(Item item, PacketCursor packet) {
        int length = packet.bytes();
        if (item.packet.length < length || item.packet.length > 2 * length) {
            bytes += length - item.packet.length;
            item.packet = new byte[length];
        }
        item.length = length;
        item.type = packet.type();
        item.revision = packet.revision();
        item.timeMicros = packet.timeMicros();
        item.origin = packet.origin();
        packet.copyTo(item.packet);
    }

    /** Forgets what is over: downtimes, comments with an end, and deletions after 30 days. */
    public void forgetOver(long nowMicros) {
        for (int slot = 0; slot < end; slot++) {
            Item item = items[slot];
            if (item != null && item.overMicros <= nowMicros) {
                named.remove(item.key);
                bytes -= ITEM_BYTES + item.packet.length;
                items[slot] = null;
                free.add(slot);
                size--;
            }
        }
    }

    // --- what it tells
    // ----------------------------------------------------------------------------------------------------

    /** How many items it holds. */
    public int size() {
        return size;
    }

    /** Memory that it takes, in bytes, about. */
    public long bytes() {
        return bytes;
    }

    /** Items that found no room, since the start. */
    public long refused() {
        return refused;
    }

    /** Begins to walk through what somebody is owed of it. */
    public Walk walk(Predicate<PacketCursor> owed) {
        return new Walk(owed);
    }

    /**
     * A walk through the table while it goes on changing: each item is met as of its beginning or later. What was added behind it
     * is not met; that came in after its beginning.
     */
    public final class Walk {
        private final Predicate<PacketCursor> owed;
        private final PacketCursor cursor = new PacketCursor();
        private int next;
        private long met;

        private Walk(Predicate<PacketCursor> owed) {
            this.owed = owed;
        }

        /**
         * The next part of it.
         *
         * @param maxBytes of packets; a single larger one comes alone
         * @param maxSlots how many places are looked at: what is not owed takes time, too
         * @return empty at the end; without packets where it only came on
         */
        public Optional<Chunk> next(int maxBytes, int maxSlots) {
            if (next >= end) {
                return Optional.empty();
            }
            ByteBuffer out = ByteBuffer.allocate(maxBytes);
            int count = 0;
            int last = Math.min(end, next + maxSlots);
            for (; next < last; next++) {
                Item item = items[next];
                if (item == null) {
                    continue;
                }
                Chunk.nextTrusted(cursor, item.view());
                if (!owed.test(cursor)) {
                    continue;
                }
                if (item.length > out.remaining()) {
                    if (count > 0) {
                        break;
                    }
                    out = ByteBuffer.allocate(item.length);
                }
                out.put(item.packet, 0, item.length);
                count++;
            }
            met += count;
            return Optional.of(Chunk.items(count, out.flip()));
        }

        /** How many items it has met. */
        public long met() {
            return met;
        }
    }

    /** All packets, in an order of their own, the same for equal tables; for tests and comparisons. */
    public List<ByteBuffer> sorted() {
        List<ByteBuffer> all = new ArrayList<>();
        for (int slot = 0; slot < end; slot++) {
            if (items[slot] != null) {
                all.add(ByteBuffer.wrap(Arrays.copyOf(items[slot].packet, items[slot].length)));
            }
        }
        all.sort(ByteBuffer::compareTo);
        return all;
    }
}
