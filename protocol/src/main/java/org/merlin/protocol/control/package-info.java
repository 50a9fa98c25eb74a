/**
 * What nodes, and daemon and module, tell each other about themselves. Bodies grow at their end; a decoder skips what it
 * does not know. Begin with {@link org.merlin.protocol.control.Pulse}.
 */
package org.merlin.protocol.control;
