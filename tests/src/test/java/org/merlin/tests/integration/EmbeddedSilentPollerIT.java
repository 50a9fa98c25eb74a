package org.merlin.tests.integration;

/** Embedded schedulers, with a poller that leaves mails to its masters. */
class EmbeddedSilentPollerIT extends SilentPollerContract {
    EmbeddedSilentPollerIT() {
        super(RealScheduler.Kind.EMBEDDED);
    }
}
