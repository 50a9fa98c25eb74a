/**
 * Measures a cluster of real processes on this machine, for users who size one and for us. Begin with
 * {@link org.merlin.daemon.bench.BenchCluster}. One thread.
 */
package org.merlin.daemon.bench;
