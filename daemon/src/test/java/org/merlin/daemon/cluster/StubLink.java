package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;

/** A link that the other side dialled, that takes all and does nothing with it. */
class StubLink implements Link {
    private final String remote;

    StubLink(String remote) {
        this.remote = remote;
    }

    @Override
    public void send(ByteBuffer messages) {}

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void reading(boolean on) {}

    @Override
    public boolean dialledByUs() {
        return false;
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public void close() {}
}
