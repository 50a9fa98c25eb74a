/** JDBC: connections, the schema and its versions, statements, and which of several nodes writes. All on the sink's threads. */
package org.merlin.daemon.sink.sql;
