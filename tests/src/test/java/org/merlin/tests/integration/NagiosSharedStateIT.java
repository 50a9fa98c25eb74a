package org.merlin.tests.integration;

import java.io.IOException;

/** Two real Nagios. */
class NagiosSharedStateIT extends SharedStateContract {
    @Override
    void assumePossible() {
        RealNagios.assumePossible();
    }

    @Override
    RealScheduler scheduler(RealNode node, String objects) throws IOException {
        return RealNagios.of(node, objects);
    }
}
