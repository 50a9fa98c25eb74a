/**
 * Schedulers without checks, for {@code mon bench}: they load a cluster with results, and count what they are given. A program of its
 * own; begin with {@link org.merlin.module.bench.BenchScheduler}.
 */
package org.merlin.module.bench;
