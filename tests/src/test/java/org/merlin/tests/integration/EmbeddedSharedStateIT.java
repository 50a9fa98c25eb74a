package org.merlin.tests.integration;

/** Two embedded schedulers. */
class EmbeddedSharedStateIT extends SharedStateContract {
    EmbeddedSharedStateIT() {
        super(RealScheduler.Kind.EMBEDDED);
    }
}
