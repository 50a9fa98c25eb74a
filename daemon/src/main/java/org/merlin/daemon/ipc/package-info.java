/**
 * The daemon's Unix sockets: one for its module, one for the command line tool. On the cluster loop. Begin with
 * {@link org.merlin.daemon.ipc.ModuleSocket}.
 */
package org.merlin.daemon.ipc;
