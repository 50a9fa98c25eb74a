package org.merlin.daemon.sink;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks now and then at how the server stands and tells of what is wrong with it: once each time that it comes to be so, and once a
 * connection. Confined to the sink's thread.
 */
final class ServerWatch {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Consumer<String> tell;
    private final Set<String> told = new HashSet<>();
    private List<String> seen = List.of();
    private long lookedNanos;

    ServerWatch(Consumer<String> tell) {
        this.tell = tell;
    }

    /** What is wrong, as it was seen last. */
    List<String> seen() {
        return seen;
    }

    /** A connection is new: looks at once. */
    void begin(History history, long nowNanos) throws HistoryException {
        told.clear();
        look(history, nowNanos);
    }

    /** Looks, if it is time to. */
    void onTurn(History history, long nowNanos) throws HistoryException {
        if (nowNanos - lookedNanos >= LOOK_NANOS) {
            look(history, nowNanos);
        }
    }

    private void look(History history, long nowNanos) throws HistoryException {
        lookedNanos = nowNanos;
        seen = history.warnings();
        Set<String> now = new HashSet<>();
        for (String warning : seen) {
            String kind = warning.replaceAll("[0-9.]+", "#"); // a clock that drifts is one thing to tell
            if (now.add(kind) && !told.contains(kind)) {
                tell.accept(warning);
            }
        }
        told.clear();
        told.addAll(now);
    }
}
