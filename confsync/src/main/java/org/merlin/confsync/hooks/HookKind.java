package org.merlin.confsync.hooks;

import java.util.Locale;

/** Which way a command brings the object files. */
public enum HookKind {
    /** From this node to the other. */
    PUSH,
    /** From the other node to this one. */
    FETCH;

    /** As people and files read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
