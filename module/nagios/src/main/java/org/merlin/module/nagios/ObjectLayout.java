package org.merlin.module.nagios;

/** Where one kind of scheduler keeps the fields of a host, or of a service. Immutable. */
final class ObjectLayout {
    private static final int NONE = -1;

    private final String type;
    private final int[] offsets = new int[ObjectField.values().length];

    /**
     * Picks them.
     *
     * @param type {@code host} or {@code service}
     */
    ObjectLayout(Layout layout, String type) {
        this.type = type;
        for (ObjectField field : ObjectField.values()) {
            String name = type + "." + field.key();
            offsets[field.ordinal()] = layout.has(name) ? layout.at(name) : NONE;
        }
    }

    /** The offset of a field, in bytes. */
    int at(ObjectField field) {
        int offset = offsets[field.ordinal()];
        if (offset == NONE) {
            throw new IllegalStateException("layouts.txt has no " + type + "." + field.key());
        }
        return offset;
    }

    boolean has(ObjectField field) {
        return offsets[field.ordinal()] != NONE;
    }
}
