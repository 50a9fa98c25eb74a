package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon node ...}: the nodes of this cluster. */
@Command(name = "node", mixinStandardHelpOptions = true, description = "The nodes of this cluster.")
final class NodeCommand {}
