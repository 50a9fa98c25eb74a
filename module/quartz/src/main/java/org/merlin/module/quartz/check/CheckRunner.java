package org.merlin.module.quartz.check;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.merlin.module.quartz.objects.CheckCommand;
import org.merlin.module.quartz.objects.Checkable;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.module.quartz.state.Finding;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the check of an object from macros to finding. Any thread, one check at a time on each. */
public final class CheckRunner implements AutoCloseable {
    /** Between two lines about checks that could not be started. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(CheckRunner.class);

    /** What is checked, and how; empty before the first {@link #use}. */
    private volatile Optional<Matter> matter = Optional.empty();

    private final Map<String, String> environment;
    private final RunLog runLog;
    private final Set<CheckProcess> running = ConcurrentHashMap.newKeySet();
    private long notStarted;
    private long saidNanos;
    private volatile boolean closed;

    private record Matter(Inventory inventory, Macros macros, Duration timeout) {}

    public CheckRunner(String node, RunLog runLog) {
        this.environment = Map.of("MERLIN_NODE", node);
        this.runLog = runLog;
    }

    /** Goes by these objects from now on; checks that run are not disturbed. */
    public void use(Inventory inventory, Macros macros, Duration timeout) {
        matter = Optional.of(new Matter(inventory, macros, timeout));
    }

    /**
     * Checks an object now.
     *
     * @param name {@code host} or {@code host;service}
     * @param dueMillis when it should have been checked
     * @return empty if there is nothing to be said about the object: it is gone or has no command, this machine could not start a
     *     process for a host, or the scheduler stops
     */
    public Optional<Finding> run(String name, long dueMillis) throws InterruptedException {
        Optional<Matter> now = matter;
        OptionalInt index = now.map(of -> of.inventory().find(name)).orElse(OptionalInt.empty());
        if (index.isEmpty() || closed) {
            return Optional.empty();
        }
        Checkable object = now.get().inventory().get(index.getAsInt());
        Optional<CheckCommand> command = object.command();
        if (command.isEmpty()) {
            return Optional.empty();
        }
        Exit exit = execute(now.get(), object, command.get(), dueMillis);
        return exit.kind() == Exit.Kind.ABANDONED ? Optional.empty() : finding(object, exit, dueMillis);
    }

    private Exit execute(Matter now, Checkable object, CheckCommand command, long dueMillis)
            throws InterruptedException {
        String line = now.macros().expand(command, object, System.currentTimeMillis());
        CheckProcess process;
        runLog.started(System.currentTimeMillis(), dueMillis, object.name().name());
        try {
            process = CheckProcess.start(line, environment);
        } catch (IOException e) {
            long nanos = System.nanoTime();
            sayNotStarted(object, e, nanos);
            return new Exit(
                    Exit.Kind.NOT_STARTED, -1, new byte[0], new byte[0], System.currentTimeMillis(), nanos, nanos);
        }
        running.add(process);
        try {
            if (closed) {
                process.abandon();
            }
            return process.await(now.timeout());
        } finally {
            running.remove(process);
        }
    }

    /** A machine out of processes or memory fails many checks a second. */
    private synchronized void sayNotStarted(Checkable object, IOException why, long nowNanos) {
        notStarted++;
        if (notStarted == 1 || nowNanos - saidNanos >= QUIET_NANOS) {
            LOG.warn(
                    "MRL-3015 the check of {} could not be started, {} so far: {}",
                    object.name(),
                    notStarted,
                    why.getMessage());
            saidNanos = nowNanos;
        }
    }

    private static Optional<Finding> finding(Checkable object, Exit exit, long dueMillis) {
        if (exit.kind() == Exit.Kind.NOT_STARTED && object.isHost()) {
            return Optional.empty(); // a lack of processes here tells nothing about the host
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(exit.nanos());
        long start = TimeUnit.MILLISECONDS.toMicros(exit.startMillis());
        long latency = TimeUnit.MILLISECONDS.toMicros(Math.max(0, exit.startMillis() - dueMillis));
        return Optional.of(new Finding(
                Verdicts.state(object.isHost(), exit),
                CheckType.ACTIVE,
                Verdicts.output(object.isHost(), exit),
                start,
                start + micros,
                latency,
                micros));
    }

    /** Ends all checks that are running; they find nothing. */
    @Override
    public void close() {
        closed = true;
        CheckProcess.abandon(List.copyOf(running));
    }

    /** What the ways in which a process can end mean, in numbers and words. */
    static final class Verdicts {
        private Verdicts() {}

        static int state(boolean host, Exit exit) {
            int state = switch (exit.kind()) {
                case ENDED -> exit.status() >= 0 && exit.status() <= 3 ? exit.status() : 2;
                case TIMED_OUT, ABANDONED -> 2;
                case NOT_STARTED -> 3;
            };
            return host ? hostState(state) : state;
        }

        /** A plugin's warning is still an answer of the host. */
        static int hostState(int status) {
            return status <= 1 ? 0 : 1;
        }

        static Output output(boolean host, Exit exit) {
            return switch (exit.kind()) {
                case TIMED_OUT, ABANDONED ->
                    Output.of(String.format(
                            Locale.ROOT,
                            "(%s check timed out after %.2f seconds)",
                            host ? "Host" : "Service",
                            exit.nanos() / 1e9));
                case NOT_STARTED -> Output.of("(The check could not be started on this machine)");
                case ENDED -> ended(exit);
            };
        }

        private static Output ended(Exit exit) {
            String complaint = CheckProcess.complaint(exit.stderr());
            if (exit.status() >= 0 && exit.status() <= 3) {
                return exit.stdout().length == 0 && !complaint.isEmpty()
                        ? PluginOutput.parse("(No output on stdout) stderr: " + complaint.replace('|', '!'))
                        : PluginOutput.parse(exit.stdout(), exit.stdout().length);
            }
            Output printed = PluginOutput.parse(exit.stdout(), exit.stdout().length);
            String why = "(Return code of " + exit.status() + " is out of bounds" + reason(exit.status()) + ")";
            String said = exit.stdout().length > 0 ? printed.text() : complaint;
            return new Output(said.isEmpty() ? why : why + " " + said, printed.longText(), printed.perfData());
        }

        private static String reason(int status) {
            if (status == 126) {
                return " - plugin may not be executable";
            }
            if (status == 127) {
                return " - plugin may be missing";
            }
            return status > 128 && status < 128 + 65 ? " - ended by signal " + (status - 128) : "";
        }
    }
}
