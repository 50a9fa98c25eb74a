package org.merlin.protocol.event;

/** Who started a check: the scheduler, or somebody who handed in a result. Ordinals are those of Nagios. */
public enum CheckType {
    ACTIVE,
    PASSIVE
}
