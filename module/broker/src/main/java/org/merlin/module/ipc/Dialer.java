package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.file.Path;

/** Opens connections to the daemon's socket. */
@FunctionalInterface
interface Dialer {
    Connection dial(Path socket) throws IOException;

    /** jnr-unixsocket, or the JDK's own channel where its native library cannot be loaded. */
    static Dialer best() {
        return new Dialer() {
            private boolean useJdk;

            @Override
            public Connection dial(Path socket) throws IOException {
                if (!useJdk) {
                    try {
                        return JnrConnection.open(socket);
                    } catch (LinkageError | RuntimeException e) {
                        useJdk = true;
                    }
                }
                return JdkConnection.open(socket);
            }
        };
    }
}
