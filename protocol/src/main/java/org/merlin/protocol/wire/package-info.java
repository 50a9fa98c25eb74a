/**
 * Packets, and the chunks in which they travel: one format on the Unix socket, on TCP and in the log. Knows no sockets and no
 * threads. Begin with {@link org.merlin.protocol.wire.PacketCursor}, which draws the header.
 */
package org.merlin.protocol.wire;
