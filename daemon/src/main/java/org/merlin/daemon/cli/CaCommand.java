package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon ca ...}: the cluster's certificate authority. */
@Command(
        name = "ca",
        mixinStandardHelpOptions = true,
        description = "The cluster's certificate authority, below state_dir/tls of the node that has it.")
final class CaCommand {}
