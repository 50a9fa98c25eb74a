/** Log files of Nagios and its kin, read line by line. Pure but for the files themselves. Begin with {@link LogLine}. */
package org.merlin.daemon.sink.archive;
