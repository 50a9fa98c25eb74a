package org.merlin.tests.integration;

import java.io.IOException;

/** Real Nagios, with a poller that tells contacts itself. */
class NagiosPollerIT extends NotifyingPollerContract {
    @Override
    void assumePossible() {
        RealNagios.assumePossible();
    }

    @Override
    RealScheduler scheduler(RealNode node, String objects) throws IOException {
        return RealNagios.of(node, objects);
    }
}
