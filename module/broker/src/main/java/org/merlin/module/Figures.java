package org.merlin.module;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counters and gauges of the module, written by one thread each, read by the one that pulses. */
final class Figures {
    private final Map<Name, AtomicLong> values = new EnumMap<>(Name.class);

    /** What pulses call them is the name in small letters. */
    enum Name {
        HOSTS_RUN,
        SERVICES_RUN,
        RESULTS_RECEIVED,
        RESULTS_APPLIED,
        RESULTS_HISTORY,
        DUPLICATES,
        GAPS,
        UNKNOWN_OBJECTS,
        HOSTS_MINE,
        SERVICES_MINE,
        HOSTS_UNASSIGNED,
        SERVICES_UNASSIGNED,
        HOSTS_OVERDUE,
        SERVICES_OVERDUE,
        CHECKS_RUN,
        HOSTS_LAST_HERE,
        SERVICES_LAST_HERE,
        FAULTS
    }

    Figures() {
        for (Name name : Name.values()) {
            values.put(name, new AtomicLong());
        }
    }

    /** Adds; only by the thread that owns this figure. */
    void add(Name name, long more) {
        AtomicLong value = values.get(name);
        value.lazySet(value.get() + more);
    }

    /** Sets; only by the thread that owns this figure. */
    void set(Name name, long now) {
        values.get(name).lazySet(now);
    }

    long get(Name name) {
        return values.get(name).get();
    }

    void into(Map<String, Long> all) {
        values.forEach((name, value) -> all.put(name.name().toLowerCase(Locale.ROOT), value.get()));
    }
}
