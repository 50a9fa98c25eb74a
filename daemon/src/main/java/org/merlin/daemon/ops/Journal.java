package org.merlin.daemon.ops;

import java.util.EnumMap;
import java.util.Map;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's log. What a remote side can cause goes through a limiter: at most {@link #BURST} lines of a kind in
 * {@link #WINDOW_NANOS}, then a line that says how many were held back. Any thread.
 */
public final class Journal {
    static final int BURST = 5;
    static final long WINDOW_NANOS = 10_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger("merlind");

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

    /** The life of nodes. */
    public void info(LogEvent event, Object... arguments) {
        LOG.info(event.format(), arguments);
    }

    /** What an operator should look at. */
    public void warn(LogEvent event, Object... arguments) {
        LOG.warn(event.format(), arguments);
    }

    /** What an operator should look at, if a remote side can cause it as often as it likes. */
    public void warnLimited(LogEvent event, Object... arguments) {
        int heldBack = admit(event);
        if (heldBack > 0) {
            LOG.warn("{} {} more lines of this kind were held back", event.id(), heldBack);
        }
        if (heldBack >= 0) {
            LOG.warn(event.format(), arguments);
        }
    }

    /** Our own fault, with its trace. */
    public void bug(String where, Throwable cause) {
        LOG.error(LogEvent.OWN_BUG.format(), where, cause);
    }

    /** Returns -1 to hold a line back, else how many were held back in the window before. */
    private synchronized int admit(LogEvent event) {
        long now = clock.nanos();
        Window window = windows.get(event);
        if (window == null || now - window.sinceNanos >= WINDOW_NANOS) {
            int before = window == null ? 0 : window.heldBack;
            window = new Window();
            window.sinceNanos = now;
            window.lines = 1;
            windows.put(event, window);
            return before;
        }
        if (window.lines >= BURST) {
            window.heldBack++;
            return -1;
        }
        window.lines++;
        return 0;
    }
}
