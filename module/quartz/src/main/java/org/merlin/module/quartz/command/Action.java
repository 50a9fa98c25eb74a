package org.merlin.module.quartz.command;

/** What a command does with its arguments. */
@FunctionalInterface
interface Action {
    /** Executes it; {@link BadCommand} if the arguments are wrong. */
    void run(Arguments arguments) throws BadCommand;
}
