package org.merlin.tests.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;

/** Two real Nagios. */
class NagiosSharedStateIT extends SharedStateContract {
    @Override
    void assumePossible() {
        assumeTrue(RealNagios.missing().isEmpty(), () -> RealNagios.missing().orElseThrow());
    }

    @Override
    RealScheduler scheduler(RealNode node, String objects) throws IOException {
        RealNagios nagios = new RealNagios(node);
        nagios.configure(objects);
        return nagios;
    }
}
