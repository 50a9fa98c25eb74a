package org.merlin.daemon.sink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.event.Deletion;
import org.merlin.protocol.event.EventName;
import org.merlin.protocol.event.MonitoredObject;

/**
 * Rows that go into one transaction, with how far they have got each scheduler's run. Of rows with one name that are replaced the last
 * one counts: an object that changes a hundred times is written once. Confined to the sink's thread.
 */
public final class Batch {
    private final Map<Table, Map<List<Object>, Object[]>> rows = new EnumMap<>(Table.class);
    private final List<Gone> gone = new ArrayList<>();
    private final List<Begun> begun = new ArrayList<>();
    private final List<Over> over = new ArrayList<>();
    private int events;
    private long asOfMicros = Long.MAX_VALUE;

    /** A comment or downtime that was deleted, and when (microseconds since 1970). */
    public record Gone(Deletion.Kind kind, EventName name, long atMicros) {}

    /** An acknowledgement that is over since a time, microseconds since 1970: with its problem. */
    public record Over(MonitoredObject object, long atMicros) {}

    /** A flexible downtime that a problem has begun: seconds since 1970. */
    public record Begun(EventName name, long startSeconds, long endSeconds) {}

    /** Adds a row, its values in the order of the table's columns. */
    public void add(Table table, Object... values) {
        if (values.length != table.columns().size()) {
            throw new IllegalArgumentException(
                    values.length + " values for the " + table.columns().size() + " columns of " + table.title());
        }
        List<Object> key = List.of(Arrays.copyOf(values, table.keys()));
        Map<List<Object>, Object[]> of = rows.computeIfAbsent(table, any -> new LinkedHashMap<>());
        Object[] before = of.get(key);
        if (before == null || table.clash() == Table.Clash.REPLACE) {
            of.put(key, values);
        } else if (table.clash() == Table.Clash.NEWER && revision(values) >= revision(before)) {
            of.put(key, values);
        }
    }

    private static long revision(Object[] values) {
        return (Long) values[values.length - 1];
    }

    void remove(Gone what) {
        gone.add(what);
    }

    void begin(Begun what) {
        begun.add(what);
    }

    void end(Over what) {
        over.add(what);
    }

    /** It was caught up with what happened before this time only. */
    void asOf(long micros) {
        asOfMicros = micros;
    }

    /** Downtimes begin and end up to this time, microseconds since 1970; none later than now. */
    public long asOfMicros() {
        return asOfMicros;
    }

    void counted() {
        events++;
    }

    /** Whether downtimes come, go or begin with it. */
    public boolean hasDowntimes() {
        return !gone.isEmpty() || !begun.isEmpty() || rows.containsKey(Table.DOWNTIME);
    }

    /** Events that it is made of. */
    public int events() {
        return events;
    }

    /** Rows of a table. */
    public Collection<Object[]> rows(Table table) {
        return rows.getOrDefault(table, Map.of()).values();
    }

    /** How many rows it has. */
    public int size() {
        return rows.values().stream().mapToInt(Map::size).sum();
    }

    public List<Gone> gone() {
        return gone;
    }

    public List<Over> over() {
        return over;
    }

    public List<Begun> begun() {
        return begun;
    }
}
