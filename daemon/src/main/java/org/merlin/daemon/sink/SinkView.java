package org.merlin.daemon.sink;

import java.util.List;

/**
 * How the database's writer does, for people.
 *
 * @param database which one, without password
 * @param state {@code writing}, {@code standby}, {@code away} or {@code starting}
 * @param writer node that writes, as far as is known; else empty
 * @param lagEvents events of the log that are not written yet, an upper bound
 * @param lagSeconds how long ago the oldest of these happened; 0 if there is none
 * @param events written by this daemon since its start
 * @param rows the same in rows
 * @param upserts the part of these rows that is current state
 * @param setAside events whose rows the database does not take; they are in {@code state_dir/sink}
 * @param lost events that are in no log any more and were not written
 * @param problem why it is away, or what was set aside last; else empty
 * @param warnings what of the server is not as it should be, as it was seen last
 */
public record SinkView(
        String database,
        String state,
        String writer,
        long lagEvents,
        double lagSeconds,
        long events,
        long rows,
        long upserts,
        long setAside,
        long lost,
        String problem,
        List<String> warnings) {
    public SinkView {
        warnings = List.copyOf(warnings);
    }
}
