/** The daemon's process: arguments, exit status, and the one place that knows all concrete classes. Begin with {@link org.merlin.daemon.Daemon}. */
package org.merlin.daemon;
