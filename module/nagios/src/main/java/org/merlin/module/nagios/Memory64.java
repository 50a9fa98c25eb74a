package org.merlin.module.nagios;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the scheduler's memory by address. What is not there gives a {@link WildPointerException}, never a fault. */
final class Memory64 {
    private static final int MAX_TEXT = 4096;
    private static final int PAGE = 4096;

    private final ByteBuffer buffer = Shim.direct(PAGE);

    /** There is nothing at this address: the layout is not that of this scheduler. */
    static final class WildPointerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WildPointerException(String message) {
            super(message);
        }
    }

    /** Reads a structure; valid until the next read. */
    ByteBuffer bytes(long address, int count) {
        if (Shim.read(address, buffer, count) != count) {
            throw new WildPointerException("nothing can be read at " + Long.toHexString(address));
        }
        return buffer;
    }

    boolean isReadable(long address) {
        return Shim.read(address, buffer, 1) == 1;
    }

    long pointer(long address) {
        return bytes(address, Long.BYTES).getLong(0);
    }

    int number(long address) {
        return bytes(address, Integer.BYTES).getInt(0);
    }

    /** A text that ends with a zero; empty if the address is 0. */
    Optional<String> text(long address) {
        if (address == 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(64);
        long at = address;
        while (text.size() < MAX_TEXT) {
            int ahead = (int) Math.min(64, PAGE - (at & (PAGE - 1))); // the next page may not be there
            ByteBuffer some = bytes(at, ahead);
            for (int i = 0; i < ahead; i++) {
                if (some.get(i) == 0) {
                    return Optional.of(text.toString(StandardCharsets.UTF_8));
                }
                text.write(some.get(i));
            }
            at += ahead;
        }
        throw new WildPointerException("a text of more than " + MAX_TEXT + " bytes at " + Long.toHexString(address));
    }
}
