package org.merlin.tests.integration;

/** Embedded schedulers, with a poller that tells contacts itself. */
class EmbeddedPollerIT extends NotifyingPollerContract {
    EmbeddedPollerIT() {
        super(RealScheduler.Kind.EMBEDDED);
    }
}
