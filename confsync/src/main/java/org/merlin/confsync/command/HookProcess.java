package org.merlin.confsync.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.merlin.confsync.hooks.HookCommand;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.hooks.HookResult.End;

/**
 * One run of a command in a session of its own, without input. Its output is polled and not waited for, since what it leaves in the
 * background may keep the pipe open for ever; that is left alone when the command ends by itself. Confined to one thread;
 * {@link #abandon} may come from any.
 */
final class HookProcess {
    /** How much of its output is kept. */
    static final int OUTPUT_BYTES = 8 * 1024;

    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;
    /** So many buffers are read at a time: who prints more waits for us, and costs no processor. */
    private static final int BUFFERS_A_TURN = 16;

    /** Of what an ended command has left in its pipe, which the kernel bounds, unless others go on printing into it. */
    private static final int LAST_TURNS = 32;

    /** How long it has when the daemon ends. */
    private static final long LAST_GRACE_NANOS = 1_000_000_000L;

    private static final int TERM = 15;
    private static final int KILL = 9;
    private static final long KILL_MILLIS = 2_000;

    private static final File NO_INPUT = new File("/dev/null");
    private static final boolean HAS_SETSID = new File("/usr/bin/setsid").canExecute();

    private final Process process;
    private final Duration grace;
    private final byte[] buffer = new byte[4096];
    private final OutputTail output = new OutputTail(OUTPUT_BYTES);
    private final long startNanos = System.nanoTime();
    private volatile boolean abandoned;

    private HookProcess(Process process, Duration grace) {
        this.process = process;
        this.grace = grace;
    }

    /**
     * Starts it.
     *
     * @param environment what it finds beside our own environment
     * @param grace how long it has to end after it was asked to
     */
    static HookProcess start(HookCommand command, Map<String, String> environment, Duration grace) throws IOException {
        ProcessBuilder builder = new ProcessBuilder().redirectInput(NO_INPUT).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.command(words(command, builder.environment().get("PATH")));
        return new HookProcess(builder.start(), grace);
    }

    private static List<String> words(HookCommand command, String path) {
        List<String> words = new ArrayList<>(command.words());
        Optional<File> program = program(words.get(0), path);
        program.ifPresent(file -> words.set(0, file.getPath())); // the JDK would look along our own path
        if (HAS_SETSID && program.isPresent()) {
            words.add(0, "/usr/bin/setsid"); // so that one signal reaches all that it starts
        }
        return words;
    }

    /** Where a program is; what is none is left to the JDK, which says why. */
    private static Optional<File> program(String word, String path) {
        if (word.contains("/")) {
            return Optional.of(new File(word)).filter(HookProcess::isProgram);
        }
        for (String folder : path == null ? new String[0] : path.split(":")) {
            File file = new File(folder, word);
            if (isProgram(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static boolean isProgram(File file) {
        return file.isFile() && file.canExecute();
    }

    /** Waits for its end, at most for the time given; then it and all that it started are ended. */
    HookResult await(Duration limit) throws InterruptedException {
        boolean ended = awaitEnd(limit.toNanos());
        if (!ended) {
            end();
        }
        drainTheRest();
        End end = abandoned ? End.ABANDONED : ended ? End.EXITED : End.TIMED_OUT;
        return new HookResult(
                end, end == End.EXITED ? process.exitValue() : -1, took(), output.text(), output.droppedBytes());
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Returns whether it ended by itself within a time from its start. */
    private boolean awaitEnd(long limitNanos) throws InterruptedException {
        long pauseMillis = FIRST_PAUSE_MILLIS;
        for (long left = limitNanos; left > 0 && !abandoned; left = limitNanos - (System.nanoTime() - startNanos)) {
            if (process.waitFor(Math.min(left, pauseMillis * 1_000_000), TimeUnit.NANOSECONDS)) {
                return true;
            }
            pauseMillis = drain() ? FIRST_PAUSE_MILLIS : Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        }
        return false;
    }

    /** What it printed last; the JDK may just be changing its pipe for what was left in it. */
    private void drainTheRest() throws InterruptedException {
        long before = -1;
        for (int turn = 0; turn < LAST_TURNS && (output.totalBytes() != before || turn < 2); turn++) {
            before = output.totalBytes();
            drain();
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS);
        }
        closePipe();
    }

    /** Takes some of what has been printed; returns whether there was anything. */
    private boolean drain() {
        boolean any = false;
        try {
            InputStream in = process.getInputStream();
            for (int turn = 0; turn < BUFFERS_A_TURN; turn++) {
                int ready = Math.min(in.available(), buffer.length);
                int read = ready == 0 ? 0 : in.read(buffer, 0, ready);
                if (read <= 0) {
                    break;
                }
                any = true;
                output.add(buffer, read);
            }
        } catch (IOException e) {
            return any; // its end closed the pipe
        }
        return any;
    }

    /** Any thread: {@link #await} ends it soon. */
    void abandon() {
        abandoned = true;
    }

    /** First asks it and all that it started to end, then makes them. */
    private void end() throws InterruptedException {
        List<ProcessHandle> below = process.descendants().toList();
        signal(TERM, below);
        long graceNanos = abandoned ? Math.min(grace.toNanos(), LAST_GRACE_NANOS) : grace.toNanos();
        long deadlineNanos = System.nanoTime() + graceNanos;
        while (anyAlive(below) && System.nanoTime() - deadlineNanos < 0) {
            drain(); // it may say why it goes
            process.waitFor(FIRST_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            if (!process.isAlive()) {
                TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS);
            }
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        signal(KILL, below);
        process.toHandle().destroyForcibly(); // its own would close the pipe
        process.waitFor(KILL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private boolean anyAlive(List<ProcessHandle> below) {
        return process.isAlive() || below.stream().anyMatch(ProcessHandle::isAlive);
    }

    /** To its process group, which also has what lost its parent, and to those below it that left the group. */
    private void signal(int number, List<ProcessHandle> below) throws InterruptedException {
        if (HAS_SETSID) {
            signalGroup(number);
        } else {
            process.toHandle().destroy();
        }
        below.forEach(number == KILL ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
    }

    private void signalGroup(int number) throws InterruptedException {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + number + " -" + process.pid())
                    .redirectInput(NO_INPUT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(KILL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            process.toHandle().destroy(); // at least itself
        }
    }

    private void closePipe() {
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            return; // it is gone, and that is all we want
        }
    }
}
