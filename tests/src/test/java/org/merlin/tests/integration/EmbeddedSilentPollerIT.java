package org.merlin.tests.integration;

import java.io.IOException;

/** Embedded schedulers, with a poller that leaves mails to its masters. */
class EmbeddedSilentPollerIT extends SilentPollerContract {
    @Override
    void assumePossible() {
        // nothing is needed but Java
    }

    @Override
    String section() {
        return RealEmbedded.SECTION;
    }

    @Override
    RealScheduler scheduler(RealNode node, String objects) throws IOException {
        return new RealEmbedded(node, objects);
    }
}
