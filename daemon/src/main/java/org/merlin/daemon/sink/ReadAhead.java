package org.merlin.daemon.sink;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Reads the next portion on a thread of its own while the last one is written, as long as portions are full: one more of them is then
 * held in memory. Used by one thread.
 */
final class ReadAhead implements AutoCloseable {
    private final EventReader reader;
    private final int maxEvents;
    private final long maxBytes;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "merlin-sink-reads");
        made.setDaemon(true);
        return made;
    });
    private Optional<Future<EventReader.Portion>> ahead = Optional.empty();

    /** Takes over the reader, which nobody else uses any more; bounds are those of {@link EventReader#next}. */
    ReadAhead(EventReader reader, int maxEvents, long maxBytes) {
        this.reader = reader;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    EventReader.Portion next() {
        EventReader.Portion portion = ahead.isPresent() ? await(ahead.get()) : reader.next(maxEvents, maxBytes);
        ahead = portion.isFull()
                ? Optional.of(thread.submit(() -> reader.next(maxEvents, maxBytes)))
                : Optional.empty();
        return portion;
    }

    private static EventReader.Portion await(Future<EventReader.Portion> portion) {
        boolean interrupted = false;
        while (true) {
            try {
                EventReader.Portion read = portion.get();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return read;
            } catch (InterruptedException e) {
                interrupted = true; // a portion takes milliseconds
            } catch (ExecutionException e) {
                throw new IllegalStateException("the log cannot be read: " + e.getCause(), e.getCause());
            }
        }
    }

    /** What is being read is read to its end before the log lets go of what it lies in. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                over = thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        reader.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
