/**
 * An event log for tests and simulations: it forgets everything with its process. Threads as for any
 * {@link org.merlin.backlog.EventLog}. First class to read: {@link org.merlin.backlog.memory.MemoryEventLog}.
 */
package org.merlin.backlog.memory;
