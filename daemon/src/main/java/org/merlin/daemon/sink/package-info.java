/**
 * What happened, for people and their reports: reads the event log behind a cursor of its own, makes rows of events, and has them
 * written. Its own thread, {@code merlin-sink}; a database that is slow or away costs room in the log and nothing else. Begin with
 * {@link org.merlin.daemon.sink.Sink}; {@code sql} alone knows JDBC.
 */
package org.merlin.daemon.sink;
