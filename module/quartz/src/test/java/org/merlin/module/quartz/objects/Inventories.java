package org.merlin.module.quartz.objects;

import java.nio.charset.StandardCharsets;
import org.merlin.protocol.conf.ConfException;

/** Makes inventories out of text. */
public final class Inventories {
    private Inventories() {}

    public static Inventory of(String text) {
        try {
            return read(text);
        } catch (ConfException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    static Inventory read(String text) throws ConfException {
        return Inventory.read("objects.cfg", text.getBytes(StandardCharsets.UTF_8));
    }
}
