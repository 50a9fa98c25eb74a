package org.merlin.module.quartz.state;

import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckType;

/**
 * What one check found, before anything is made of it.
 *
 * @param state 0..3 for services (ok, warning, critical, unknown), 0 up or 1 down for hosts, and 2 for one that is said to be
 *     unreachable
 * @param latencyMicros how much later than due it started
 */
public record Finding(
        int state,
        CheckType type,
        Output output,
        long startMicros,
        long endMicros,
        long latencyMicros,
        long executionMicros) {}
