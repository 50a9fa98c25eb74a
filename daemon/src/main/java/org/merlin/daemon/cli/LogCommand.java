package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon log ...}: log files of schedulers. */
@Command(name = "log", mixinStandardHelpOptions = true, description = "Log files of schedulers.")
final class LogCommand {}
