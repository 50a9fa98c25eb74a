package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon bench ...}: what this machine can do. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure what this machine can do, with real processes on loopback.")
final class BenchCommand {}
