/**
 * Connections to other nodes: names, TLS, dialling, accepting, framing. The only packages with Netty are this one and
 * {@code daemon.ipc}; what leaves it is a copy, never a view of Netty's memory. On the cluster loop. Begin with
 * {@link org.merlin.daemon.net.ChannelLink}.
 */
package org.merlin.daemon.net;
