/**
 * What the parts of the path of an event cost: one class per question. {@code mvn -Pbenchmarks test} runs them; figures stand in
 * TECHNICAL, Measured. Begin with {@link org.merlin.tests.benchmarks.PrecheckBenchmark}.
 */
package org.merlin.tests.benchmarks;
