package org.merlin.tests.integration;

/** Real Nagios, with a poller that leaves mails to its masters. */
class NagiosSilentPollerIT extends SilentPollerContract {
    NagiosSilentPollerIT() {
        super(RealScheduler.Kind.NAGIOS);
    }
}
