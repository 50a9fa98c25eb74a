package org.merlin.module.shared;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.merlin.module.hook.ObjectIndex;
import org.merlin.protocol.event.Comment;
import org.merlin.protocol.event.Deletion.Kind;
import org.merlin.protocol.event.Downtime;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.EventCodec;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.Repetition;
import org.merlin.protocol.wire.MalformedPacketException;
import org.merlin.protocol.wire.PacketType;

/**
 * The comments and downtimes that this node told and its scheduler still has, so that it can tell them again, under their names, where
 * nobody has heard of them: the scheduler kept them and was started again, and what was to tell them was lost with its daemon's disk
 * full, or with the power. Confined to the scheduler's thread.
 */
final class Said {
    /** An older one may have been deleted elsewhere, and nobody remember that; a day is left for clocks that differ. */
    private static final long REPEAT_SECONDS = Ledger.TOMBSTONE_SECONDS - 24L * 3600;

    private final ObjectIndex objects;
    private final Teller teller;
    private final EventCodec codec = new EventCodec();
    private final Map<Named, Saying> all = new LinkedHashMap<>();
    /** Those of earlier runs, or from before something was lost, as long as nothing shows that the daemon knows of them. */
    private final Set<Named> doubtful = new LinkedHashSet<>();

    private record Saying(int index, Event event, long entrySeconds) {}

    Said(ObjectIndex objects, Teller teller) {
        this.objects = objects;
        this.teller = teller;
    }

    void keep(EventName name, int index, Comment comment) {
        keep(new Named(Kind.COMMENT, name), new Saying(index, comment, comment.entrySeconds()));
    }

    void keep(EventName name, int index, Downtime downtime) {
        keep(new Named(Kind.DOWNTIME, name), new Saying(index, downtime, downtime.entrySeconds()));
    }

    private void keep(Named named, Saying saying) {
        if (named.name().origin() == teller.origin()) {
            all.put(named, saying);
        }
    }

    /** It is there no more, or is just being replaced. */
    void forget(Named named) {
        all.remove(named);
    }

    /** Something that was told has been lost. */
    void doubt() {
        doubtful.addAll(all.keySet());
    }

    /** The daemon knows of it. */
    void heard(Named named) {
        doubtful.remove(named);
    }

    /**
     * Tells again what the daemon has not told, though it has told all that it knows.
     *
     * @param told is given what was told, with the index of its object
     */
    void repeat(long nowSeconds, BiConsumer<Integer, EventName> told) {
        List<Named> unheard = List.copyOf(doubtful);
        doubtful.clear();
        for (Named named : unheard) {
            Saying of = all.get(named);
            if (of != null && nowSeconds - of.entrySeconds < REPEAT_SECONDS) {
                Repetition again =
                        new Repetition(named.name().epoch(), named.name().sequence(), of.event);
                teller.tell(of.index, again, 0, of.entrySeconds * 1_000_000);
                told.accept(of.index, named.name());
            }
        }
    }

    /** All that must be kept, as of now; the lines are made when they are asked for, on any thread. */
    Supplier<List<String>> lines() {
        Map<Named, Saying> now = new LinkedHashMap<>(all);
        return () -> {
            EventCodec encoding = new EventCodec();
            List<String> lines = new ArrayList<>();
            now.forEach((named, of) -> {
                ByteBuffer body = encoding.encode(of.event);
                byte[] bytes = new byte[body.remaining()];
                body.get(bytes);
                lines.add(SharedLines.of(
                        "said", named.kind(), named.name(), Base64.getEncoder().encodeToString(bytes)));
            });
            return lines;
        };
    }

    /** Takes back a line that {@link #lines} gave; others are left alone. */
    void read(List<String> fields) {
        if (!fields.get(0).equals("said")) {
            return;
        }
        Named named = new Named(Kind.valueOf(fields.get(1)), EventName.parse(fields.get(2)));
        Event event = decode(named.kind(), Base64.getDecoder().decode(fields.get(3)));
        if (event instanceof Comment comment) {
            objects.byName(comment.object().name()).ifPresent(index -> keep(named.name(), index, comment));
        } else if (event instanceof Downtime downtime) {
            objects.byName(downtime.object().name()).ifPresent(index -> keep(named.name(), index, downtime));
        }
        if (all.containsKey(named)) {
            doubtful.add(named);
        }
    }

    private Event decode(Kind kind, byte[] body) {
        try {
            return codec.decode(kind == Kind.COMMENT ? PacketType.COMMENT : PacketType.DOWNTIME, ByteBuffer.wrap(body));
        } catch (MalformedPacketException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
