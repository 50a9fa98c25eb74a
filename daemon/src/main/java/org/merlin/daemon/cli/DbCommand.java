package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon db ...}: the database of history and current state. */
@Command(name = "db", mixinStandardHelpOptions = true, description = "The database of history and current state.")
final class DbCommand {}
