package org.merlin.daemon.cli;

/** What {@code -o} takes. */
enum OutputFormat {
    text,
    json
}
