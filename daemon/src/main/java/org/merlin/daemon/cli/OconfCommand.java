package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon oconf ...}: the object configuration, and its way to other nodes. */
@Command(
        name = "oconf",
        mixinStandardHelpOptions = true,
        description = "The object configuration, and its way to other nodes.")
final class OconfCommand {}
