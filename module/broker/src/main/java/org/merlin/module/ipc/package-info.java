/**
 * The way to the daemon: an outbox that keeps what it has not acknowledged, the Unix socket, and an inbox for what it brings.
 * Threads {@code merlin-module-send} (owns files, outbox and writing) and {@code merlin-module-receive}. Begin with
 * {@link org.merlin.module.ipc.DaemonLink}.
 */
package org.merlin.module.ipc;
