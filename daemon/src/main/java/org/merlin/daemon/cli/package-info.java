/**
 * The command line tool {@code mon}. A command parses, asks, prints and returns an exit status; it knows no sockets and no
 * node logic. Begin with {@link org.merlin.daemon.cli.MerlinCommand}.
 */
package org.merlin.daemon.cli;
