/**
 * merlin.conf while a daemon runs: edited on disk, read anew, and applied by what differs. Read {@link org.merlin.daemon.conf.Reload}
 * first. Files are read and written on a thread that may block; what is decided is decided on the cluster loop.
 */
package org.merlin.daemon.conf;
