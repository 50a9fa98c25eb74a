/**
 * The object configuration's sync in the daemon: its thread, the scheduler that is checked and reloaded, and what the command line
 * asks. What is decided is decided in {@code org.merlin.confsync.generation}. Begin with {@link org.merlin.daemon.oconf.ConfigKeeper}.
 */
package org.merlin.daemon.oconf;
