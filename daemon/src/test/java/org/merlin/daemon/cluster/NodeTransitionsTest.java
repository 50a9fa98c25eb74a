package org.merlin.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class NodeTransitionsTest {
    @Property
    void onlyCtrlActiveLeadsToActive(@ForAll NodeStatus from, @ForAll NodeSignal on) {
        Optional<NodeStatus> next = NodeTransitions.next(from, on);
        if (from != NodeStatus.ACTIVE && on != NodeSignal.CTRL_ACTIVE) {
            assertThat(next).isNotEqualTo(Optional.of(NodeStatus.ACTIVE));
        }
    }

    @Property
    void aClosedSocketAlwaysEndsInDisconnected(@ForAll NodeStatus from) {
        assertThat(NodeTransitions.next(from, NodeSignal.SOCKET_CLOSED).orElse(from))
                .isIn(NodeStatus.DISCONNECTED, NodeStatus.CONNECTING);
    }

    @Property
    void nobodyIsConnectedBeforeItsFirstPulse(@ForAll NodeSignal on) {
        assertThat(NodeTransitions.next(NodeStatus.DISCONNECTED, on))
                .isNotIn(Optional.of(NodeStatus.CONNECTED), Optional.of(NodeStatus.ACTIVE));
        if (on != NodeSignal.PULSE_ACCEPTED) {
            assertThat(NodeTransitions.next(NodeStatus.NEGOTIATING, on))
                    .isNotIn(Optional.of(NodeStatus.CONNECTED), Optional.of(NodeStatus.ACTIVE));
        }
    }
}
