/**
 * The event log on disk, as a chain of Chronicle queues; the only package that imports {@code net.openhft}. The log's
 * thread appends and syncs, readers live on other threads. First class to read:
 * {@link org.merlin.backlog.chronicle.ChronicleEventLog}.
 */
package org.merlin.backlog.chronicle;
