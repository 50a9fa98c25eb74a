package org.merlin.tests.integration;

import java.io.IOException;

/** Real Nagios, with a poller that leaves mails to its masters. */
class NagiosSilentPollerIT extends SilentPollerContract {
    @Override
    void assumePossible() {
        RealNagios.assumePossible();
    }

    @Override
    RealScheduler scheduler(RealNode node, String objects) throws IOException {
        return RealNagios.of(node, objects);
    }
}
