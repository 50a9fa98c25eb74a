package org.merlin.module.nagios;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the scheduler's memory by address. What is not there gives a {@link WildPointerException}, never a fault. */
final class Memory64 {
    private static final int MAX_TEXT = 4096;
    private static final int PAGE = 4096;

    /** Of memory that nobody changes meanwhile, blocks of this size are read at once and kept: a system call lasts a microsecond. */
    private static final int BLOCK_BITS = 14;

    private static final int BLOCK = 1 << BLOCK_BITS;
    private static final int BLOCKS = 16;

    private final ByteBuffer buffer = Shim.direct(PAGE);
    private final ByteBuffer[] blocks;
    private final long[] blockNumbers;

    Memory64() {
        this(0);
    }

    private Memory64(int blocks) {
        this.blocks = new ByteBuffer[blocks];
        blockNumbers = new long[blocks];
    }

    /** For a look at structures that nobody changes as long as it lasts. */
    static Memory64 still() {
        return new Memory64(BLOCKS);
    }

    /** There is nothing at this address: the layout is not that of this scheduler. */
    static final class WildPointerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WildPointerException(String message) {
            super(message);
        }
    }

    /** Reads a structure; valid until the next read. */
    ByteBuffer bytes(long address, int count) {
        int inBlock = (int) (address & BLOCK - 1);
        if (blocks.length > 0 && inBlock + count <= BLOCK && hasBlock(address >>> BLOCK_BITS)) {
            ByteBuffer block = blocks[(int) (address >>> BLOCK_BITS & BLOCKS - 1)];
            return block.slice(inBlock, count).order(block.order());
        }
        if (Shim.read(address, buffer, count) != count) {
            throw new WildPointerException("nothing can be read at " + Long.toHexString(address));
        }
        return buffer;
    }

    private boolean hasBlock(long number) {
        int place = (int) (number & BLOCKS - 1);
        if (blocks[place] == null) {
            blocks[place] = Shim.direct(BLOCK);
        } else if (blockNumbers[place] == number) {
            return true;
        }
        blockNumbers[place] = 0;
        if (Shim.read(number << BLOCK_BITS, blocks[place], BLOCK) != BLOCK) {
            return false; // a part of it is not there
        }
        blockNumbers[place] = number;
        return true;
    }

    boolean isReadable(long address) {
        return blocks.length > 0 && hasBlock(address >>> BLOCK_BITS) || Shim.read(address, buffer, 1) == 1;
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
