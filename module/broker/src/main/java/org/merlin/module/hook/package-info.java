/**
 * What the scheduler's hooks need: ready data to decide from, and the numbering of what it found. On the scheduler's threads;
 * never waits, logs or does I/O. Begin with {@link org.merlin.module.hook.Precheck}.
 */
package org.merlin.module.hook;
