package org.merlin.module.quartz;

import java.util.concurrent.TimeUnit;

/** What the process is asked to do from outside. Any thread asks; one thread does it. A stop comes before all else. */
final class Wishes {
    /** What there is to do. */
    enum Wish {
        NONE,
        RELOAD,
        STOP
    }

    private boolean stop;
    private boolean reload;

    synchronized void stop() {
        stop = true;
        notifyAll();
    }

    /** Asks for the configuration to be read anew; asked again before it is begun, it is the same wish. */
    synchronized void reload() {
        reload = true;
        notifyAll();
    }

    /** Takes the next wish; {@link Wish#NONE} if there is none for so long. */
    synchronized Wish next(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long left = millis;
        while (!stop && !reload && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        if (stop) {
            return Wish.STOP;
        }
        boolean wanted = reload;
        reload = false;
        return wanted ? Wish.RELOAD : Wish.NONE;
    }
}
