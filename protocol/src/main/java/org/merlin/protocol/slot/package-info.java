/**
 * Which node runs which check: pure arithmetic and a little memory, the same on both sides of the Unix socket. Begin with
 * {@link org.merlin.protocol.slot.RunnerRule}.
 */
package org.merlin.protocol.slot;
