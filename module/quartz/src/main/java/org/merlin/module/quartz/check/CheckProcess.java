package org.merlin.module.quartz.check;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of {@code /bin/sh -c LINE} in a session of its own, without input. Its output is polled, not waited for: a read that
 * waits cannot be ended from outside, and a grandchild that keeps the pipe open would hold a worker for ever. Confined to
 * a worker; {@link #abandon} may come from any thread.
 */
final class CheckProcess {
    /** How much of what it prints is kept; the rest is read and dropped. */
    static final int OUTPUT_BYTES = 64 * 1024;

    private static final int COMPLAINT_BYTES = 1024;
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 160;
    /** How long a killed process may take to vanish before nobody waits for it any longer. */
    private static final long GRACE_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(CheckProcess.class);
    private static final File NO_INPUT = new File("/dev/null");
    private static final boolean HAS_SETSID = new File("/usr/bin/setsid").canExecute();

    private final Process process;
    private final byte[] buffer = new byte[8192];
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final long startMillis;
    private final long startNanos;
    private volatile boolean abandoned;

    private CheckProcess(Process process, long startMillis, long startNanos) {
        this.process = process;
        this.startMillis = startMillis;
        this.startNanos = startNanos;
    }

    /**
     * Starts it.
     *
     * @param environment what it finds beside our own environment
     */
    static CheckProcess start(String line, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>();
        if (HAS_SETSID) {
            command.add("/usr/bin/setsid"); // so that one signal reaches all that it starts
        }
        command.addAll(List.of("/bin/sh", "-c", line));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(NO_INPUT);
        builder.environment().putAll(environment);
        long startMillis = System.currentTimeMillis();
        long startNanos = System.nanoTime();
        return new CheckProcess(builder.start(), startMillis, startNanos);
    }

    /** Waits for its end, at most for the time given; then it and all that it started are killed. */
    Exit await(Duration timeout) throws InterruptedException {
        boolean ended = awaitEnd(timeout.toNanos());
        if (!ended) {
            kill(List.of(this));
            process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
        }
        drain();
        Exit.Kind kind = abandoned ? Exit.Kind.ABANDONED : ended ? Exit.Kind.ENDED : Exit.Kind.TIMED_OUT;
        int status = kind == Exit.Kind.ENDED ? process.exitValue() : -1;
        closeStreams();
        return new Exit(
                kind, status, stdout.toByteArray(), stderr.toByteArray(), startMillis, startNanos, System.nanoTime());
    }

    private boolean awaitEnd(long timeoutNanos) throws InterruptedException {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        for (long left = timeoutNanos; left > 0 && !abandoned; left = timeoutNanos - (System.nanoTime() - startNanos)) {
            if (process.waitFor(Math.min(left, TimeUnit.MILLISECONDS.toNanos(pauseMillis)), TimeUnit.NANOSECONDS)) {
                return true;
            }
            pauseMillis = drain() ? FIRST_PAUSE_MILLIS : Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        }
        return false;
    }

    private boolean drain() {
        return drain(process.getInputStream(), stdout, OUTPUT_BYTES)
                | drain(process.getErrorStream(), stderr, COMPLAINT_BYTES);
    }

    /** Takes what has been printed; returns whether there was anything. */
    private boolean drain(InputStream from, ByteArrayOutputStream into, int bound) {
        boolean any = false;
        try {
            // bounded: a process that prints for ever must not keep us from looking at the clock
            for (int turn = 0; turn < 64; turn++) {
                int ready = Math.min(from.available(), buffer.length);
                int read = ready == 0 ? 0 : from.read(buffer, 0, ready);
                if (read <= 0) {
                    break;
                }
                any = true;
                into.write(buffer, 0, Math.min(read, bound - into.size()));
            }
        } catch (IOException e) {
            LOG.debug("output of process {} ended early", process.pid(), e);
        }
        return any;
    }

    /** Ends it and all that it started, from any thread; {@link #await} then returns soon. */
    void abandon() {
        abandon(List.of(this));
    }

    /** Ends many, and all that they started. */
    static void abandon(Collection<CheckProcess> processes) {
        processes.forEach(process -> process.abandoned = true);
        kill(processes);
    }

    private static void kill(Collection<CheckProcess> processes) {
        for (CheckProcess check : processes) {
            List<ProcessHandle> below = Descendants.of(check.process.toHandle());
            check.process.destroyForcibly();
            below.forEach(ProcessHandle::destroyForcibly);
        }
        if (HAS_SETSID && !processes.isEmpty()) {
            killSessions(processes);
        }
    }

    /** What was started in the background and has lost its parent is found by its process group alone. */
    private static void killSessions(Collection<CheckProcess> processes) {
        String groups =
                processes.stream().map(check -> "-" + check.process.pid()).collect(Collectors.joining(" "));
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -9 " + groups)
                    .redirectInput(NO_INPUT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.debug("process groups {} could not be killed", groups, e);
        }
    }

    private void closeStreams() {
        try (InputStream out = process.getInputStream();
                InputStream err = process.getErrorStream()) {
            LOG.trace("closing {} and {}", out, err);
        } catch (IOException e) {
            LOG.debug("pipes of process {} could not be closed", process.pid(), e);
        }
    }

    /** The beginning of what a process complained, as one line. */
    static String complaint(byte[] stderr) {
        return new String(stderr, StandardCharsets.UTF_8).strip().replace('\n', ' ');
    }
}
