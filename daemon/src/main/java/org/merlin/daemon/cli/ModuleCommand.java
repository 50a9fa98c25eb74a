package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon module ...}: the module in this machine's scheduler. */
@Command(
        name = "module",
        mixinStandardHelpOptions = true,
        description = "The module in this machine's Nagios or Naemon.")
final class ModuleCommand {}
