package org.merlin.module.ipc;

import java.util.EnumMap;
import java.util.Map;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The module's log. What may come often goes through a limiter: at most {@link #BURST} lines of a kind in
 * {@link #WINDOW_NANOS}, then a line that says how many were held back. Any thread but the scheduler's own: writing blocks.
 */
public final class Journal {
    static final int BURST = 5;
    static final long WINDOW_NANOS = 10_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final NanoClock clock;
    private final Map<LogEvent, Window> windows = new EnumMap<>(LogEvent.class);

    private static final class Window {
        private long sinceNanos;
        private int lines;
        private int heldBack;
    }

    public Journal(NanoClock clock) {
        this.clock = clock;
    }

    public void info(LogEvent event, Object... arguments) {
        LOG.info(event.format(), arguments);
    }

    public void warn(LogEvent event, Object... arguments) {
        if (admit(event)) {
            LOG.warn(event.format(), arguments);
        }
    }

    /** Our own fault, with its trace. */
    public void bug(String where, Throwable cause) {
        if (admit(LogEvent.OWN_BUG)) {
            LOG.error(LogEvent.OWN_BUG.format(), where, cause);
        }
    }

    private synchronized boolean admit(LogEvent event) {
        long now = clock.nanos();
        Window window = windows.computeIfAbsent(event, any -> newWindow(now));
        if (now - window.sinceNanos >= WINDOW_NANOS) {
            if (window.heldBack > 0) {
                LOG.warn("{} {} more lines of this kind were held back", event.id(), window.heldBack);
            }
            window = newWindow(now);
            windows.put(event, window);
        }
        if (window.lines >= BURST) {
            window.heldBack++;
            return false;
        }
        window.lines++;
        return true;
    }

    private static Window newWindow(long now) {
        Window window = new Window();
        window.sinceNanos = now;
        return window;
    }
}
