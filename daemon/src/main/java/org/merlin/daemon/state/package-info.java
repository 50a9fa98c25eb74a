/**
 * The state table: the latest of every object, and what people noted, for nodes and schedulers that come without. Pure data, no
 * sockets or files; confined to the cluster loop. Begin with {@link org.merlin.daemon.state.StateTable}.
 */
package org.merlin.daemon.state;
