package org.merlin.protocol.wire;

/** The sender broke the protocol. What it sent is useless from here on, and so is its connection. */
public final class MalformedPacketException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedPacketException(String message) {
        super(message);
    }

    public MalformedPacketException(String message, Throwable cause) {
        super(message, cause);
    }
}
