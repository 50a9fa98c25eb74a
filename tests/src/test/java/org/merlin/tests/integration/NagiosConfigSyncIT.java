package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The object configuration's sync among real Nagios. */
class NagiosConfigSyncIT extends ConfigSyncContract {
    @Override
    RealScheduler.Kind kind() {
        return RealScheduler.Kind.NAGIOS;
    }

    @Override
    void readFolder(String node, Path objects) throws IOException {
        Files.createDirectories(objects);
        Path main = ((RealNagios) cluster.at(node)).config();
        Files.writeString(main, Files.readString(main).replaceAll("cfg_file=.*", "cfg_dir=" + objects));
    }
}
