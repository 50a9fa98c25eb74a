package org.merlin.module.quartz.command;

/** A command whose arguments make no sense; the message says why. */
final class BadCommand extends Exception {
    private static final long serialVersionUID = 1L;

    BadCommand(String why) {
        super(why);
    }
}
