package org.merlin.daemon.cluster;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.merlin.protocol.time.NanoClock;

/**
 * What the cluster takes from the world beside links and log.
 *
 * @param nanos monotonic, for all decisions
 * @param wallMicros since 1970, for what people and other hosts read
 * @param random for jitter
 */
public record Clocks(NanoClock nanos, LongSupplier wallMicros, RandomGenerator random) {}
