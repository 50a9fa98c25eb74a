package org.merlin.module.nagios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.merlin.module.BrokerModule;
import org.merlin.module.Memory;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module in one run of a scheduler, from loading to reload. On the scheduler's own thread. */
final class Guest {
    private static final int PROCESS = 0;
    private static final int HOST_CHECK = 7;
    private static final int RETENTION = 19;
    private static final int PROCESS_START = 100;
    private static final int LOOP_START = 105;
    private static final int SAVED = 1603;
    /** Not the scheduler's: a question of its query handler, on the socket that the type names. */
    private static final int QUERY = 1000;

    private static final int TEXT = 256;
    /** Longest wait of the scheduler for a write of ours: at its end, or if an earlier one hangs. */
    private static final long WRITE_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Guest.class);

    private final MerlinConf conf;
    private final Layout layout;
    private final String description;
    private final ByteBuffer events;
    private final Calls calls;
    private final Clock wall;
    private final NanoClock clock;
    private Optional<MemoryFile> memoryFile = Optional.empty();
    private Optional<Thread> writer = Optional.empty();
    private final Questions questions;
    private Optional<Running> running = Optional.empty();
    private boolean loaded;

    /** From the moment that the objects are there. */
    private record Running(Inventory inventory, BrokerModule module, Callbacks callbacks) {}

    Guest(
            MerlinConf conf,
            Layout layout,
            String description,
            ByteBuffer events,
            Calls calls,
            Clock wall,
            NanoClock clock) {
        this.conf = conf;
        this.layout = layout;
        this.description = description;
        this.events = events;
        this.calls = calls;
        this.wall = wall;
        this.clock = clock;
        this.questions = new Questions(conf.adminSocket());
    }

    boolean mayRun(int kind, int id) {
        if (running.isEmpty()) {
            return true;
        }
        int index = running.get().inventory.indexOf(kind == HOST_CHECK, id);
        return index < 0 || running.get().module.mayRun(index);
    }

    /** Takes what the shim laid into the event buffer; returns whether to block it. */
    boolean onEvent(int kind, int type) {
        if (kind == QUERY) {
            byte[] question = new byte[events.getInt(TEXT)];
            events.get(TEXT + Integer.BYTES, question);
            return questions.take(new String(question, StandardCharsets.UTF_8), type);
        }
        if (kind == PROCESS && type == PROCESS_START) {
            start();
            return running.isPresent(); // if not, the shim lets go
        } else if (kind == PROCESS && type == LOOP_START && running.isPresent()) {
            loaded = true;
            running.get().module.onLoaded();
        } else if (kind == RETENTION && type == SAVED && running.isPresent()) {
            save(running.get());
        } else if (loaded && running.isPresent()) {
            return running.get().callbacks.on(kind, type);
        }
        return false;
    }

    private void start() {
        try {
            Inventory inventory = Inventory.walk(layout);
            if (!calls.missing().isEmpty()) {
                throw new Inventory.UnfitException("the scheduler has no " + String.join(", ", calls.missing()));
            }
            NagiosPort port = new NagiosPort(inventory, layout, description, calls, wall);
            MemoryFile file = new MemoryFile(conf.stateDir().resolve("module.memory"), retentionFile(), Shim::say);
            memoryFile = Optional.of(file);
            MemoryFile.Kept kept = file.read();
            int[] revisions = new int[inventory.size()];
            for (int i = 0; i < revisions.length; i++) {
                revisions[i] = kept.revisions().getOrDefault(inventory.name(i).name(), 0);
            }
            BrokerModule module = BrokerModule.start(conf, port, kept.memory(), revisions, wall, clock);
            running =
                    Optional.of(new Running(inventory, module, new Callbacks(events, layout, inventory, port, module)));
        } catch (Inventory.UnfitException e) {
            Shim.say("merlin: the layout " + layout.name() + " does not fit " + description + ": " + e.getMessage()
                    + "; the scheduler goes on alone");
        } catch (IOException | UncheckedIOException e) {
            Shim.say("merlin: " + e.getMessage() + "; the scheduler goes on alone");
        }
    }

    private static Optional<Path> retentionFile() {
        long symbol = Shim.symbol("retention_file");
        Memory64 memory = new Memory64();
        return symbol == 0
                ? Optional.empty()
                : memory.text(memory.pointer(symbol)).map(Path::of);
    }

    /** What is to be kept is taken now, of one moment with the scheduler's own file; it is written while the scheduler goes on. */
    private void save(Running now) {
        awaitWriter();
        MemoryFile file = memoryFile.orElseThrow();
        Supplier<Memory> memory = now.module.memory();
        int[] revisions = now.module.revisions();
        String belongsTo = file.stamp();
        Thread thread =
                new Thread(() -> write(file, memory.get(), now.inventory, revisions, belongsTo), "merlin-memory");
        thread.setDaemon(true);
        thread.start();
        writer = Optional.of(thread);
    }

    private static void write(MemoryFile file, Memory memory, Inventory inventory, int[] revisions, String belongsTo) {
        try {
            file.write(new MemoryFile.Kept(memory, MemoryFile.revisions(inventory, revisions)), belongsTo);
        } catch (IOException e) {
            LOG.warn(
                    "MRL-2033 module.memory cannot be written, after a restart more is sent again than needed: {}",
                    e.toString());
        }
    }

    /** An earlier write is over long since, but for a disk that hangs. */
    private void awaitWriter() {
        try {
            if (writer.isPresent()) {
                writer.get().join(WRITE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean onTurn() {
        return running.isPresent() && running.get().module.onTurn(clock.nanos());
    }

    /** Stops every thread of ours. */
    void close() {
        awaitWriter();
        running.ifPresent(now -> now.module.close());
        running = Optional.empty();
    }
}
