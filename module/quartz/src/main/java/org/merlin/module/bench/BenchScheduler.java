package org.merlin.module.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.merlin.module.BrokerModule;
import org.merlin.module.Memory;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.time.NanoClock;

/**
 * A program: {@code BenchScheduler CONF SERVICES}. Reads commands, a line each, and answers each with a line:
 *
 * <ul>
 *   <li>{@code load EVENTS PER_SECOND BYTES}, answered when the daemon has all of them
 *   <li>{@code await EVENTS SECONDS}, answered with how many came, when all have or nothing more came for so long
 *   <li>{@code report FILE}, {@code clear}
 *   <li>{@code stop} alone is not answered: the load ends early
 * </ul>
 *
 * Ends at the end of its input.
 */
public final class BenchScheduler {
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String END = "";

    private final PrintStream answers = System.out;
    private final BenchPort port;
    private final Tally tally = new Tally();
    private final BrokerModule module;
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private Optional<Load> load = Optional.empty();
    private Optional<Awaited> awaited = Optional.empty();
    private long sentBefore;
    private boolean ended;

    /** Events that a command waits for, and for how long after the last one. */
    private record Awaited(long events, long patienceNanos, long sinceNanos) {}

    private BenchScheduler(MerlinConf conf, int services) {
        System.setOut(System.err); // log lines are no answers
        port = new BenchPort(services, tally);
        module =
                BrokerModule.start(conf, port, Memory.NONE, new int[services + 1], Clock.systemUTC(), NanoClock.SYSTEM);
        port.items(module::appliesItem);
    }

    public static void main(String[] arguments) throws ConfException {
        BenchScheduler scheduler =
                new BenchScheduler(MerlinConf.load(Path.of(arguments[0])), Integer.parseInt(arguments[1]));
        Thread reader = new Thread(scheduler::read, "merlin-bench-commands");
        reader.setDaemon(true);
        reader.start();
        scheduler.run();
    }

    private void read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                port.wake();
            }
        } catch (IOException e) {
            System.err.println("merlin: no more commands: " + e);
        }
        commands.add(END);
        port.wake();
    }

    private void run() {
        port.thread(Thread.currentThread());
        module.onLoaded();
        while (!ended) {
            boolean more = port.takeWake() && module.onTurn(System.nanoTime());
            if (more) {
                port.wake();
            }
            for (String command = commands.poll(); command != null; command = commands.poll()) {
                execute(command);
            }
            more |= load.isPresent() && load.get().step();
            answer();
            if (!more) {
                LockSupport.parkNanos(load.isPresent() ? load.get().restNanos() : IDLE_NANOS);
            }
        }
        module.close();
    }

    private void answer() {
        if (load.isPresent() && load.get().isDone()) {
            answers.println(load.get().sent());
            sentBefore += load.get().sent();
            load = Optional.empty();
        }
        if (awaited.isPresent()) {
            Awaited wish = awaited.get();
            long last = tally.received() == 0 ? wish.sinceNanos() : tally.lastNanos();
            if (tally.received() >= wish.events() || System.nanoTime() - last > wish.patienceNanos()) {
                answers.println(tally.received());
                awaited = Optional.empty();
            }
        }
    }

    private void execute(String command) {
        String[] words = command.split(" ");
        switch (words[0]) {
            case END -> ended = true;
            case "load", "changes" ->
                load = Optional.of(new Load(
                        module,
                        port.objects(),
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        Integer.parseInt(words[3]),
                        sentBefore,
                        words[0].equals("changes")));
            case "await" ->
                awaited = Optional.of(new Awaited(
                        Long.parseLong(words[1]),
                        TimeUnit.SECONDS.toNanos(Long.parseLong(words[2])),
                        System.nanoTime()));
            case "stop" -> load.ifPresent(Load::stop);
            case "clear" -> {
                tally.clear();
                answers.println("ok");
            }
            case "report" -> report(Path.of(words[1]));
            default -> answers.println("unknown command " + words[0]);
        }
    }

    private void report(Path file) {
        try {
            tally.write(file);
            answers.println(tally.json());
        } catch (IOException e) {
            answers.println("{\"error\": \"" + e.getMessage() + "\"}");
        }
    }
}
