package org.merlin.protocol.event;

/** Whether a state has been confirmed by {@code max_check_attempts} results. Ordinals are those of Nagios. */
public enum StateType {
    SOFT,
    HARD
}
