/**
 * The module inside Nagios and Naemon: what the C shim calls, and what is called back. Everything runs on the scheduler's own
 * thread unless it says otherwise. Begin with {@link org.merlin.module.nagios.Shim}.
 */
package org.merlin.module.nagios;
