package org.merlin.module.ipc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Opens connections to the daemon's socket, and has them read. */
@FunctionalInterface
public interface Dialer {
    Connection dial(Path socket) throws IOException;

    /**
     * Has a connection read from now on: on a thread of its own, or by whoever has no threads.
     *
     * @param step reads once, for at most {@link Connection#READ_MILLIS}; false at the end
     */
    default void read(BooleanSupplier step) {
        Thread receiving = new Thread(
                () -> {
                    boolean more = true;
                    while (more) {
                        more = step.getAsBoolean();
                    }
                },
                "merlin-module-receive");
        receiving.setDaemon(true);
        receiving.start();
    }

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
