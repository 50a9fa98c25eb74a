package org.merlin.daemon.cli;

import picocli.CommandLine.Command;

/** {@code mon cert ...}: nodes' certificates. */
@Command(name = "cert", mixinStandardHelpOptions = true, description = "Certificates of nodes.")
final class CertCommand {}
