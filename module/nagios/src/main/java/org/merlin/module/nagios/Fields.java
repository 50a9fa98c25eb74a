package org.merlin.module.nagios;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The fields of one host or service, where the scheduler has them: written and read in place, without a system call for each. */
final class Fields {
    private final ByteBuffer memory;
    private final ObjectLayout layout;

    private Fields(ByteBuffer memory, ObjectLayout layout) {
        this.memory = memory;
        this.layout = layout;
    }

    /**
     * Those of a structure.
     *
     * @param address where it is for certain
     * @param layout of its type
     */
    static Fields at(long address, ObjectLayout layout) {
        return new Fields(Shim.memory(address, layout.at(ObjectField.SIZEOF)).order(ByteOrder.nativeOrder()), layout);
    }

    int number(ObjectField field) {
        return memory.getInt(layout.at(field));
    }

    long wide(ObjectField field) {
        return memory.getLong(layout.at(field));
    }

    void put(ObjectField field, int value) {
        memory.putInt(layout.at(field), value);
    }

    void put(ObjectField field, long value) {
        memory.putLong(layout.at(field), value);
    }

    /** One of a row of numbers. */
    void put(ObjectField field, int place, int value) {
        memory.putInt(layout.at(field) + place * Integer.BYTES, value);
    }

    void seconds(ObjectField field, long micros) {
        put(field, micros / 1_000_000);
    }
}
