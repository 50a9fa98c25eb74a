package org.merlin.module.quartz.retention;

/** A retention file that is not as it was written. */
final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String what) {
        super(what);
    }

    DamagedException(String what, Throwable cause) {
        super(what, cause);
    }
}
