package org.merlin.daemon.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is measured: commands in, a line of answer to each, CPU and memory by the kernel. */
public final class BenchProcess implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ of Linux
    private static final double KIB_PER_MIB = 1024;
    private static final int FIRST_AFTER_NAME = 2;
    private static final int USER_TICKS = 14 - 1 - FIRST_AFTER_NAME;
    private static final long END_SECONDS = 10;

    private final String name;
    private final Process process;
    private final BufferedReader answers;

    /**
     * Starts it.
     *
     * @param folder where its log NAME.log goes
     */
    BenchProcess(String name, Path folder, String node, List<String> command) throws IOException {
        this.name = name;
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.toFile());
        builder.environment().put("MERLIN_NO_BUILD", "1");
        builder.environment().put("MERLIN_NODE", node);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectError(folder.resolve(name + ".log").toFile());
        process = builder.start();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /** Gives a command. */
    void tell(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits for the line that answers the oldest command. */
    String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the process " + name + " ended");
        }
        return line;
    }

    String ask(String command) throws IOException {
        tell(command);
        return answer();
    }

    /** Sends it a signal of the kernel's. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (name.equals("KILL")) {
            process.waitFor();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Seconds of CPU since its start, all threads. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
    }

    /**
     * A line of the kernel's about its memory, in MiB.
     *
     * @param what e.g. {@code VmRSS}
     */
    double memoryMb(String what) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(what + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close(); // the benching scheduler ends by it
            process.destroy();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
