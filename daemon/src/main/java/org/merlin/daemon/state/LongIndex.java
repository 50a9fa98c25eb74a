package org.merlin.daemon.state;

import java.util.Arrays;

/** Numbers by keys that are hashes already; 24 bytes an entry or less, no object for any. Nothing is ever taken out. */
final class LongIndex {
    private static final int NONE = -1;

    private long[] keys = new long[64];
    private int[] values = filled(64);
    private int size;

    private static int[] filled(int length) {
        int[] none = new int[length];
        Arrays.fill(none, NONE);
        return none;
    }

    /** The number of a key; -1 if it has none. */
    int get(long key) {
        int at = place(key);
        return values[at];
    }

    /** Gives a key a number, 0 or more. */
    void put(long key, int value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int at = place(key);
        size += values[at] == NONE ? 1 : 0;
        keys[at] = key;
        values[at] = value;
    }

    private int place(long key) {
        int mask = keys.length - 1;
        int at = (int) (key ^ key >>> 32) & mask;
        while (values[at] != NONE && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = filled(2 * oldKeys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != NONE) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
