package org.merlin.backlog.chronicle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.TableStore;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.TableStoreWriteLock;
import net.openhft.chronicle.queue.impl.table.Metadata;
import net.openhft.chronicle.queue.impl.table.SingleTableBuilder;
import net.openhft.chronicle.threads.Pauser;

/** How we use Chronicle Queue: what it needs of the JVM, what of it is switched off, how a queue of ours is built. */
final class ChronicleRuntime {
    /** Mapped at a time. A quarter of it is the longest document; longer ones would be cut without a word. */
    private static final int BLOCK_BYTES = 17 << 20;

    /** Small pages of index keep an almost empty segment small; 1024 x 1024 x 64 records are more than one holds. */
    private static final int INDEX_COUNT = 1024;

    private static final int INDEX_SPACING = 64;

    /** Set unless the operator has: no threads, no words and no network of its own; what is released is so at once. */
    private static final Map<String, String> PROPERTIES = Map.of(
            "chronicle.announcer.disable", "true",
            "chronicle.analytics.disable", "true",
            "chronicle.disk.monitor.disable", "true",
            "background.releaser", "false",
            "background.releaser.thread", "false",
            // The log's own rules say which thread may do what; opening and closing may be done by another.
            "disable.single.threaded.check", "true",
            "disable.perf.info", "true");

    private ChronicleRuntime() {}

    /**
     * Readies the JVM, before the first use of any class of Chronicle.
     *
     * @throws IllegalStateException if the JVM was started without the flags that Chronicle needs: without some of
     *     them it would open queues that cannot be written, and say so only later
     */
    static void prepare() {
        List<String> missing = missingFlags();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the event log needs these flags of the JVM: " + String.join(" ", missing));
        }
        PROPERTIES.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    private static List<String> missingFlags() {
        Module base = Object.class.getModule();
        Module chronicle = SingleChronicleQueueBuilder.class.getModule();
        List<String> missing = new ArrayList<>();
        if (!base.isOpen("java.lang.reflect", chronicle)) {
            missing.add("--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");
        }
        for (String exported : List.of("sun.nio.ch", "jdk.internal.ref")) {
            if (!base.isExported(exported, chronicle)) {
                missing.add("--add-exports=java.base/" + exported + "=ALL-UNNAMED");
            }
        }
        return missing;
    }

    /** Opens or makes the queue in {@code directory}. Its clock stands still, so that it never rolls by time. */
    static SingleChronicleQueue openQueue(Path directory) {
        return SingleChronicleQueueBuilder.binary(directory)
                .timeProvider(() -> 0L)
                .rollCycle(RollCycles.FAST_DAILY)
                .indexCount(INDEX_COUNT)
                .indexSpacing(INDEX_SPACING)
                .blockSize(BLOCK_BYTES)
                .syncMode(SyncMode.NONE) // else giving back a block syncs it, on the thread that appends
                .checkInterrupts(false)
                .build();
    }

    /** Name of the one file of records that such a queue has. */
    static String recordsFile() {
        return "19700101F.cq4";
    }

    /** Name of the file that holds a queue's locks and bounds. */
    static String tableFile() {
        return "metadata.cq4t";
    }

    /**
     * Takes a queue's write lock from a process that was killed. The caller owns the queue. (Chronicle itself asks
     * whether a process of that number lives; in a container that is very often ourselves, and it waits for 15 s.)
     */
    static void breakLock(Path directory) {
        Path file = directory.resolve(tableFile());
        if (Files.notExists(file)) {
            return;
        }
        SingleChronicleQueueBuilder.addAliases();
        try (TableStore<?> table = SingleTableBuilder.binary(file.toFile(), Metadata.NoMeta.INSTANCE)
                        .readOnly(false)
                        .build();
                TableStoreWriteLock lock = new TableStoreWriteLock(table, Pauser::balanced, 0L)) {
            lock.forceUnlock();
        }
    }
}
