package org.merlin.daemon.bench;

import java.io.IOException;

/** The scheduler that sends. */
public final class Sender {
    private final BenchProcess process;
    private final BenchSettings settings;

    public Sender(BenchProcess process, BenchSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    /**
     * Begins.
     *
     * @param rate events a second; 0 for as fast as its daemon takes them
     */
    public void send(long events, long rate) throws IOException {
        process.tell("load " + events + " " + rate + " " + settings.size());
    }

    /** The same, each a change of its object's state. */
    void change(long events, long rate) throws IOException {
        process.tell("changes " + events + " " + rate + " " + settings.size());
    }

    /** Waits until its daemon has all of them; returns how many it sent. */
    public long await() throws IOException {
        return Long.parseLong(process.answer());
    }

    /** Sends no more of what it began to. */
    public void stop() throws IOException {
        process.tell("stop");
    }
}
