package org.merlin.confsync.objects;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * All blocks of a source, by what they are found by. Immutable.
 *
 * @param named commands, timeperiods, contacts, groups and hosts by kind and name
 * @param services of a host, sorted by their descriptions
 * @param others escalations of a host, and dependencies in which it depends on others
 * @param remarks what was left out, for people
 */
record Catalogue(
        Map<Kind, SortedMap<String, Kept>> named,
        Map<String, List<Kept>> services,
        Map<String, List<Kept>> others,
        List<String> remarks) {
    /** Orders {@code host,service} by host, then service. */
    static final Comparator<String> BY_HOST =
            Comparator.comparing(Kept::hostOf).thenComparing(Comparator.naturalOrder());

    SortedMap<String, Kept> all(Kind kind) {
        return named.get(kind);
    }
}
