package org.merlin.daemon.cluster;

import static org.merlin.daemon.cluster.NodeSignal.CTRL_ACTIVE;
import static org.merlin.daemon.cluster.NodeSignal.CTRL_INACTIVE;
import static org.merlin.daemon.cluster.NodeSignal.DIALLED;
import static org.merlin.daemon.cluster.NodeSignal.DIAL_FAILED;
import static org.merlin.daemon.cluster.NodeSignal.FELL_SILENT;
import static org.merlin.daemon.cluster.NodeSignal.PULSE_ACCEPTED;
import static org.merlin.daemon.cluster.NodeSignal.REFUSED;
import static org.merlin.daemon.cluster.NodeSignal.SOCKET_CLOSED;
import static org.merlin.daemon.cluster.NodeSignal.SOCKET_OPENED;
import static org.merlin.daemon.cluster.NodeStatus.ACTIVE;
import static org.merlin.daemon.cluster.NodeStatus.CONNECTED;
import static org.merlin.daemon.cluster.NodeStatus.CONNECTING;
import static org.merlin.daemon.cluster.NodeStatus.DISCONNECTED;
import static org.merlin.daemon.cluster.NodeStatus.NEGOTIATING;

import java.util.Map;
import java.util.Optional;

/** The life of a node, one row per legal step. */
final class NodeTransitions {
    private record Step(NodeStatus from, NodeSignal on) {}

    private static final Map<Step, NodeStatus> TABLE = Map.ofEntries(
            row(DISCONNECTED, DIALLED, CONNECTING),
            row(DISCONNECTED, SOCKET_OPENED, NEGOTIATING), // the other side dialled us
            row(CONNECTING, SOCKET_OPENED, NEGOTIATING),
            row(CONNECTING, DIAL_FAILED, DISCONNECTED),
            row(NEGOTIATING, SOCKET_OPENED, NEGOTIATING), // both dialled at once: one of the two will go
            row(NEGOTIATING, DIALLED, NEGOTIATING),
            row(NEGOTIATING, DIAL_FAILED, NEGOTIATING), // our dial failed, theirs is open
            row(NEGOTIATING, PULSE_ACCEPTED, CONNECTED),
            row(NEGOTIATING, REFUSED, DISCONNECTED),
            row(NEGOTIATING, FELL_SILENT, DISCONNECTED), // no first pulse in time
            row(NEGOTIATING, SOCKET_CLOSED, DISCONNECTED),
            row(CONNECTED, PULSE_ACCEPTED, CONNECTED), // a newer link took the place of the old one
            row(CONNECTED, SOCKET_OPENED, CONNECTED), // a second link, not yet decided about
            row(CONNECTED, DIAL_FAILED, CONNECTED),
            row(CONNECTED, CTRL_ACTIVE, ACTIVE), // its module runs: count it in the ring
            row(CONNECTED, CTRL_INACTIVE, CONNECTED),
            row(CONNECTED, REFUSED, DISCONNECTED),
            row(CONNECTED, FELL_SILENT, DISCONNECTED),
            row(CONNECTED, SOCKET_CLOSED, DISCONNECTED),
            row(ACTIVE, PULSE_ACCEPTED, ACTIVE),
            row(ACTIVE, SOCKET_OPENED, ACTIVE),
            row(ACTIVE, DIAL_FAILED, ACTIVE),
            row(ACTIVE, CTRL_ACTIVE, ACTIVE), // its counts or its configuration changed
            row(ACTIVE, CTRL_INACTIVE, CONNECTED),
            row(ACTIVE, REFUSED, DISCONNECTED),
            row(ACTIVE, FELL_SILENT, DISCONNECTED),
            row(ACTIVE, SOCKET_CLOSED, DISCONNECTED));

    private NodeTransitions() {}

    private static Map.Entry<Step, NodeStatus> row(NodeStatus from, NodeSignal on, NodeStatus to) {
        return Map.entry(new Step(from, on), to);
    }

    /** Empty where the protocol allows no such step: log, count, close the link. */
    static Optional<NodeStatus> next(NodeStatus from, NodeSignal on) {
        return Optional.ofNullable(TABLE.get(new Step(from, on)));
    }
}
