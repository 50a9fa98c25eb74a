package org.merlin.tests.integration;

/** Real Nagios, with a poller that tells contacts itself. */
class NagiosPollerIT extends NotifyingPollerContract {
    NagiosPollerIT() {
        super(RealScheduler.Kind.NAGIOS);
    }
}
