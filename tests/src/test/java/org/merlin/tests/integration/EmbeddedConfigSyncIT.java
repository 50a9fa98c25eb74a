package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The object configuration's sync among embedded schedulers. */
class EmbeddedConfigSyncIT extends ConfigSyncContract {
    @Override
    RealScheduler.Kind kind() {
        return RealScheduler.Kind.EMBEDDED;
    }

    @Override
    long schedulerPid(String node) throws IOException {
        return cluster.node(node).schedulerPid();
    }

    @Override
    void readFolder(String node, Path objects) throws IOException {
        Files.delete(cluster.node(node).state().resolve("objects.cfg"));
    }
}
