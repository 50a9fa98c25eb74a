package org.merlin.backlog.chronicle;

/** A segment was deleted between looking it up and opening it. */
final class SegmentGoneException extends Exception {
    private static final long serialVersionUID = 1;
}
