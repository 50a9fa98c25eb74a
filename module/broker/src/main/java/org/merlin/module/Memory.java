package org.merlin.module;

import java.util.List;

/**
 * What the module must remember over a restart of its scheduler, together with the scheduler's states and as of the same
 * moment: what of every stream has gone into these states.
 *
 * @param applied one entry per stream
 * @param resultsReceived results handed to the module by its daemon, ever
 * @param resultsApplied results that changed a state, ever
 * @param duplicates results that were handed over a second time, ever; applied once all the same
 * @param gaps events that were named as lost, ever
 * @param checksRun results that this scheduler found itself, ever
 * @param shared what is known of comments, downtimes, acknowledgements, switches and notifications: lines of the module's own, to
 *     be kept as they are
 */
public record Memory(
        List<Applied> applied,
        long resultsReceived,
        long resultsApplied,
        long duplicates,
        long gaps,
        long checksRun,
        List<String> shared) {
    /** A scheduler without a past. */
    public static final Memory NONE = new Memory(List.of(), 0, 0, 0, 0, 0, List.of());

    /** Without anything shared. */
    public Memory(
            List<Applied> applied,
            long resultsReceived,
            long resultsApplied,
            long duplicates,
            long gaps,
            long checksRun) {
        this(applied, resultsReceived, resultsApplied, duplicates, gaps, checksRun, List.of());
    }

    public Memory {
        applied = List.copyOf(applied);
        shared = List.copyOf(shared);
    }

    /**
     * How far a stream has gone into the scheduler's states.
     *
     * @param origin the node it comes from
     * @param epoch the run of that node's scheduler
     * @param sequence everything up to here is in
     * @param results how many results of this stream were applied
     */
    public record Applied(long origin, int epoch, long sequence, long results) {}
}
