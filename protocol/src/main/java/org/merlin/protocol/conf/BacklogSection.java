package org.merlin.protocol.conf;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads how much of the event log is kept, and for whom: outside of sections for all nodes, in a node's section for it. */
final class BacklogSection {
    private static final long MIB = 1L << 20;
    private static final long SMALLEST = MIB;

    private BacklogSection() {}

    /** The size of the whole log. */
    static long logMaxBytes(ConfValues global) {
        return global.size("log_max_size", 16 * MIB).orElse(MerlinConf.Backlog.DEFAULT_LOG_BYTES);
    }

    /** What holds for every node that does not say otherwise; {@code places} may hold the keys of the C original. */
    static MerlinConf.Backlog global(ConfValues global, List<ConfValues> places) {
        long otherwise = original(places)
                .map(megabytes -> Math.max(SMALLEST, megabytes * MIB))
                .orElse(MerlinConf.Backlog.DEFAULT.maxBytes());
        return read(
                global,
                new MerlinConf.Backlog(
                        otherwise, MerlinConf.Backlog.DEFAULT.maxAge(), MerlinConf.Backlog.DEFAULT.minFreeBytes()));
    }

    static MerlinConf.Backlog read(ConfValues values, MerlinConf.Backlog otherwise) {
        return new MerlinConf.Backlog(
                values.size("backlog_max_size", SMALLEST).orElse(otherwise.maxBytes()),
                values.duration("backlog_max_age", Duration.ofSeconds(1), MerlinConf.Backlog.LONGEST)
                        .orElse(otherwise.maxAge()),
                values.size("backlog_min_free", 0).orElse(otherwise.minFreeBytes()));
    }

    /** The original kept that much in memory and then that much in a file, in MB for each node. */
    private static Optional<Long> original(List<ConfValues> places) {
        Optional<Long> memory = first(places, "binlog_max_memory_size");
        Optional<Long> file = first(places, "binlog_max_file_size");
        return memory.isEmpty() && file.isEmpty()
                ? Optional.empty()
                : Optional.of(memory.orElse(500L) + file.orElse(5000L)); // its defaults
    }

    private static Optional<Long> first(List<ConfValues> places, String key) {
        Optional<Long> found = Optional.empty();
        for (ConfValues place : places) {
            Optional<Long> here = place.megabytes(key);
            found = found.or(() -> here);
        }
        return found;
    }
}
