/**
 * Puts the module's line into a scheduler's main configuration, and takes it out again; says beforehand whether the module would
 * work there. One thread, that of the command. Read {@link org.merlin.daemon.install.Installation} first.
 */
package org.merlin.daemon.install;
