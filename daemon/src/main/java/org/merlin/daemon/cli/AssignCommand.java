package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon assign ...}: who runs what. */
@Command(name = "assign", mixinStandardHelpOptions = true, description = "Who runs which check.")
final class AssignCommand {}
