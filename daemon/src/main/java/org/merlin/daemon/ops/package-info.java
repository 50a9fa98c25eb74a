/** What operators see of a daemon: its log. Any thread. Begin with {@link org.merlin.daemon.ops.LogEvent}. */
package org.merlin.daemon.ops;
