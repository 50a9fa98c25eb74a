package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon backlog ...}: what waits for nodes that are away. */
@Command(name = "backlog", mixinStandardHelpOptions = true, description = "What waits for nodes that are away.")
final class BacklogCommand {}
