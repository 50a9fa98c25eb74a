package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.merlin.module.WarmUp;
import org.merlin.module.nagios.log.SchedulerLog;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * The border to {@code merlin.c}: methods that it calls, natives that it gives. The only place with static state: a C function has
 * no object to call. All on the scheduler's own thread but {@link #ring}.
 */
public final class Shim {
    private static final int NOT_BLOCKED = 0;

    private static Optional<Guest> guest = Optional.empty();
    private static boolean exitIsWatched;
    private static final ByteBuffer LINE = direct(64 * 1024);

    private Shim() {}

    // --- what the shim calls ----------------------------------------------------------------------------------------

    /**
     * The scheduler loads the module.
     *
     * @param arguments the path of merlin.conf
     * @param description e.g. {@code nagios 4.4.6}
     * @param events where the shim puts what callbacks bring
     * @return false if the scheduler is to go on alone; the reason is in its log then
     */
    static boolean load(String arguments, String description, ByteBuffer events) {
        quiesce(); // in case that it failed before
        SchedulerLog.open(Shim::ring);
        watchExit(Thread.currentThread());
        try {
            Optional<Layout> layout = Layout.of(description);
            if (layout.isEmpty()) {
                say("merlin: " + description + " is not known to this release; the scheduler goes on alone");
                return false;
            }
            Path file = Path.of(arguments.isBlank() ? "/etc/merlin/merlin.conf" : arguments.strip());
            MerlinConf conf = MerlinConf.load(file);
            SchedulerLog.configure(conf.module().log());
            Thread warmUp = new Thread(new WarmUp(), "merlin-warm-up");
            warmUp.setDaemon(true);
            warmUp.start();
            long engine = layout(layout.get().forShim());
            guest = Optional.of(new Guest(
                    conf,
                    layout.get(),
                    description,
                    events.order(ByteOrder.nativeOrder()),
                    new Calls(layout.get(), engine),
                    Clock.systemUTC(),
                    NanoClock.SYSTEM));
            return true;
        } catch (ConfException e) {
            e.getMessage().lines().forEach(line -> say("merlin: " + line));
            say("merlin: the configuration is wrong; the scheduler goes on alone");
            return false;
        }
    }

    /** Whether another node runs this check: not 0 to cancel it. */
    static int precheck(int kind, int id) {
        return guest.isPresent() && !guest.get().mayRun(kind, id) ? 1 : NOT_BLOCKED;
    }

    /** Something happened; what lies in the event buffer says what. Not 0 to block it. */
    static int event(int kind, int type) {
        return guest.isPresent() && guest.get().onEvent(kind, type) ? 1 : NOT_BLOCKED;
    }

    /** Our turn on the scheduler's thread. */
    static void turn() {
        SchedulerLog.drain(Shim::say);
        if (guest.isPresent() && guest.get().onTurn()) {
            ring();
        }
    }

    /** The scheduler reloads or ends: every thread of ours stops. */
    static void quiesce() {
        Optional<Guest> leaving = guest;
        guest = Optional.empty();
        leaving.ifPresent(Guest::close);
        SchedulerLog.drain(Shim::say);
    }

    /** Has {@code System.exit} on a thread of ours wait for ever: the JVM goes on, the scheduler too, alone. */
    private static void watchExit(Thread main) {
        if (exitIsWatched) {
            return;
        }
        exitIsWatched = true;
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (!callsExit(main)) {
                                exitAsked();
                                while (true) {
                                    LockSupport.park();
                                }
                            }
                        },
                        "merlin-module-exit"));
    }

    /** Whether the scheduler's own thread did: to wait there would be worse than to end. */
    private static boolean callsExit(Thread main) {
        return Arrays.stream(main.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit"));
    }

    // --- what the shim gives ----------------------------------------------------------------------------------------

    /** Address of a function or variable of the scheduler, 0 if it has none of this name. */
    static native long symbol(String name);

    /** Copies memory; returns how many bytes, -1 if there is none at this address. */
    static native int read(long address, ByteBuffer into, int bytes);

    /** Memory as a buffer, in no order yet. Only for addresses that are sure: what is not there ends the scheduler. */
    static native ByteBuffer memory(long address, int bytes);

    /** Gives the shim what it must know of the layout; returns the address of the engine of results that others found. */
    private static native long layout(int[] numbers);

    /** Address of a direct buffer. */
    static native long address(ByteBuffer buffer);

    /** Copies a text that ends with a zero, as far as there is room; returns how many bytes. Only for pointers that are sure. */
    static native int text(long address, ByteBuffer into);

    /** Calls a function of the scheduler that takes up to twelve integers and pointers. */
    static native long call(long function, long[] arguments);

    private static native void log(ByteBuffer line);

    /** Answers on a socket and closes it; what the other side does not take at once is lost. Any thread. */
    static native void reply(int socket, ByteBuffer text, int bytes);

    /** Asks for a turn. Any thread; never waits. */
    static native void ring();

    /** Has the scheduler's thread leave the module at its next turn. Any thread. */
    private static native void exitAsked();

    // --- in words ---------------------------------------------------------------------------------------------------

    /** Writes a line to the scheduler's log. */
    static void say(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, LINE.capacity() - 1);
        log(LINE.clear().put(bytes, 0, length).put((byte) 0).flip());
    }

    static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
