package org.merlin.module.quartz.state;

import org.merlin.protocol.event.StateType;

/** That a change of state is worth a line in the log, with the figures that belong into it. */
public record Alert(int state, StateType type, int attempt) {}
