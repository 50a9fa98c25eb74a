package org.merlin.tests.integration;

import java.io.IOException;

/** Embedded schedulers, with a poller that tells contacts itself. */
class EmbeddedPollerIT extends NotifyingPollerContract {
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
