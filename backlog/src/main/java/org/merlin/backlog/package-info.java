/**
 * The event log as others see it: appended records of bytes, read again from any position. It knows no packets. The
 * log's thread appends and syncs; any other may read. First class to read: {@link org.merlin.backlog.EventLog}.
 */
package org.merlin.backlog;
