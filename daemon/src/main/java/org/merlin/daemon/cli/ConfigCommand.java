package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon config ...}: merlin.conf. */
@Command(name = "config", mixinStandardHelpOptions = true, description = "The configuration file merlin.conf.")
final class ConfigCommand {}
