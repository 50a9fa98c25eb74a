package org.merlin.tests.integration;

import java.io.IOException;

/** Two embedded schedulers. */
class EmbeddedSharedStateIT extends SharedStateContract {
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
