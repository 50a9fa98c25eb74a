package org.merlin.daemon.cluster;

/** What moves a node from one status to another. */
enum NodeSignal {
    DIALLED,
    DIAL_FAILED,
    SOCKET_OPENED,
    PULSE_ACCEPTED,
    CTRL_ACTIVE,
    CTRL_INACTIVE,
    FELL_SILENT,
    REFUSED,
    SOCKET_CLOSED
}
