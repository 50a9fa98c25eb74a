package org.merlin.protocol.wire;

import org.merlin.protocol.node.NodeRole;
import org.merlin.protocol.node.Selection;

/** Bits of a packet's route field: which neighbours of the origin it is meant for. */
public final class Route {
    public static final int MASTERS = 1;
    public static final int PEERS = 2;
    /** All pollers. */
    public static final int POLLERS = 4;
    /** The pollers of the packet's selection. */
    public static final int SELECTION = 8;

    private Route() {}

    /**
     * Whether a packet is meant for a neighbour of its origin.
     *
     * @param route the packet's route bits
     * @param selection the packet's selection, {@link Selection#NONE} if it has none
     * @param role what the neighbour is to the origin
     * @param neighbourSelection the neighbour's selection if it is a poller
     */
    public static boolean includes(int route, int selection, NodeRole role, int neighbourSelection) {
        return switch (role) {
            case MASTER -> (route & MASTERS) != 0;
            case PEER -> (route & PEERS) != 0;
            case POLLER ->
                (route & POLLERS) != 0
                        || (route & SELECTION) != 0 && selection != Selection.NONE && selection == neighbourSelection;
        };
    }
}
