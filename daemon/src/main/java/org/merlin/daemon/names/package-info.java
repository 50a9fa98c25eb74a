/** How the daemon's other parts come from a host name to addresses, without knowing who answers. Any thread that may wait. */
package org.merlin.daemon.names;
