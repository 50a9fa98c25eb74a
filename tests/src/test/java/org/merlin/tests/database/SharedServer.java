package org.merlin.tests.database;

import java.nio.file.Path;
import org.merlin.protocol.conf.MerlinConf;

/** The one server of all tests of a class: it outlives each. */
record SharedServer(MariaDbServer server) implements TestDatabase {
    @Override
    public MerlinConf.Database conf() {
        return server.conf();
    }

    @Override
    public Path folder() {
        return server.folder();
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    public void close() {}
}
