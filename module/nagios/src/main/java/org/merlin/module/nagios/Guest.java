package org.merlin.module.nagios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.merlin.module.BrokerModule;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.event.ExternalCommand;
import org.merlin.protocol.time.NanoClock;

/** The module in one run of a scheduler, from loading to reload. On the scheduler's own thread. */
final class Guest {
    private static final int PROCESS = 0;
    private static final int EVENT_HANDLER = 4;
    private static final int NOTIFICATION = 5;
    private static final int SERVICE_CHECK = 6;
    private static final int HOST_CHECK = 7;
    private static final int COMMAND = 17;
    private static final int RETENTION = 19;
    private static final int PROCESS_START = 100;
    private static final int COMMAND_START = 1400;
    private static final int SAVED = 1603;
    /** Commands about the checks of one host or service: every node that has it does them. */
    private static final Pattern SHARED =
            Pattern.compile("(SCHEDULE(_FORCED)?|ENABLE|DISABLE)_(SVC_CHECK|HOST_CHECK|HOST_SVC_CHECKS)");

    private final MerlinConf conf;
    private final Layout layout;
    private final String description;
    private final ByteBuffer events;
    private final ObjectReader reader;
    private final MemoryFile memoryFile;
    private Optional<Running> running = Optional.empty();

    /** From the moment that the objects are there. */
    private record Running(Inventory inventory, NagiosPort port, BrokerModule module, int[] revisions) {}

    Guest(MerlinConf conf, Layout layout, String description, ByteBuffer events) {
        this.conf = conf;
        this.layout = layout;
        this.description = description;
        this.events = events;
        this.reader = new ObjectReader(events, layout);
        this.memoryFile = new MemoryFile(conf.stateDir().resolve("module.memory"));
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
        if (kind == PROCESS) {
            if (type == PROCESS_START) {
                start();
            }
            return false;
        }
        return running.isPresent() && onEvent(running.get(), kind, type);
    }

    private boolean onEvent(Running now, int kind, int type) {
        switch (kind) {
            case SERVICE_CHECK, HOST_CHECK -> onProcessed(now, kind == HOST_CHECK);
            case NOTIFICATION -> {
                return isForOthers(now, events.getInt(156) == 0, events.getInt(152));
            }
            case EVENT_HANDLER -> {
                boolean host = (events.getInt(16 + 32) & 1) == 0; // 0 and 2 of hosts, 1 and 3 of services
                return isForOthers(now, host, events.getInt(184));
            }
            case COMMAND -> onCommand(now, type);
            case RETENTION -> {
                if (type == SAVED) {
                    save(now);
                }
            }
            default -> {}
        }
        return false;
    }

    private void onProcessed(Running now, boolean host) {
        int index = now.inventory.indexOf(host, reader.id(host));
        if (index >= 0 && !now.port.applying()) {
            now.revisions[index] = now.module.onResult(index, reader.result(now.inventory.name(index)));
        }
    }

    /** Notifications and event handlers are the runner's. */
    private static boolean isForOthers(Running now, boolean host, int id) {
        int index = now.inventory.indexOf(host, id);
        return now.port.muted() || index >= 0 && !now.module.mayRun(index);
    }

    private void onCommand(Running now, int type) {
        if (type != COMMAND_START || now.port.applying()) {
            return;
        }
        String name = text(256);
        if (SHARED.matcher(name).matches()) {
            String arguments = text(256 + Integer.BYTES + events.getInt(256));
            now.module.onCommand(new ExternalCommand(name, arguments, events.getLong(16 + 40)));
        }
    }

    private String text(int at) {
        byte[] bytes = new byte[events.getInt(at)];
        events.get(at + Integer.BYTES, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void start() {
        try {
            Inventory inventory = Inventory.walk(layout);
            NagiosPort port = new NagiosPort(inventory, layout, description);
            MemoryFile.Kept kept = memoryFile.read();
            int[] revisions = new int[inventory.size()];
            for (int i = 0; i < revisions.length; i++) {
                revisions[i] = kept.revisions().getOrDefault(inventory.name(i).name(), 0);
            }
            BrokerModule module = BrokerModule.start(conf, port, kept.memory(), revisions.clone(), NanoClock.SYSTEM);
            running = Optional.of(new Running(inventory, port, module, revisions));
        } catch (Inventory.UnfitException e) {
            Shim.say("merlin: the layout " + layout.name() + " does not fit " + description + ": " + e.getMessage()
                    + "; the scheduler goes on alone");
        } catch (IOException | UncheckedIOException e) {
            Shim.say("merlin: " + e.getMessage() + "; the scheduler goes on alone");
        }
    }

    private void save(Running now) {
        try {
            memoryFile.write(
                    new MemoryFile.Kept(now.module.memory(), MemoryFile.revisions(now.inventory, now.revisions)));
        } catch (IOException e) {
            Shim.say("merlin: cannot write " + conf.stateDir().resolve("module.memory") + ": " + e.getMessage()
                    + "; after a restart more is sent again than needed");
        }
    }

    boolean onTurn() {
        return running.isPresent() && running.get().module.onTurn(System.nanoTime());
    }

    /** Stops every thread of ours. */
    void close() {
        running.ifPresent(now -> now.module.close());
        running = Optional.empty();
    }
}
