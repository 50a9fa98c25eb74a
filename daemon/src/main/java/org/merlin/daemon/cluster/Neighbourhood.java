package org.merlin.daemon.cluster;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;
import org.merlin.protocol.control.Marks.Mark;
import org.merlin.protocol.control.NodeInfo;
import org.merlin.protocol.control.Pulse;
import org.merlin.protocol.control.StateAsk;
import org.merlin.protocol.control.StateTold;
import org.merlin.protocol.wire.Chunk;

/** What one {@link Node} asks of the cluster around it. Confined to the cluster loop. */
interface Neighbourhood {
    String selfName();

    /** The pulse that this node is due now. */
    Pulse pulseFor(Node node, long nowNanos);

    /** What CTRL_ACTIVE tells this node; empty while our module is not active. */
    Optional<NodeInfo> activeInfoFor(Node node);

    /** What we have of the streams that this node may bring; of other nodes' streams, the newest. */
    List<Mark> marksFor(Node node);

    /** A link with it took the place of another, or of none: what was asked on that one is to be asked again. */
    void onAdopted(Node node);

    /** Its link is gone; another may take its place. */
    void onLinkGone(Node node);

    /** It sent a packet about the object configuration. */
    void onConfig(Node node, int code, ByteBuffer body);

    /** It told what it has. */
    void onAllMarks(Node node, List<Mark> marks);

    /** It asks for our state table. */
    void onStateAsk(Node node, Session from, StateAsk ask);

    /** It answers about its own. */
    void onStateTold(Node node, StateTold told);

    /** Its status, its info, what it sees or what it announces has changed. */
    void onChanged(Node node, long nowNanos);

    /** Its status has changed, for this reason. */
    void onStatus(Node node, String why);

    /** A node asks us to run no checks, or to run them again. */
    void onDrain(Node node, boolean on, long nowNanos);

    /** It wants us to run our fetch command for it. */
    void onFetch(Node node, long nowNanos);

    /** It wants to know which objects our scheduler has loaded. */
    void onListQuery(Node node, ListQuery query, long nowNanos);

    /** It tells which objects its own has. */
    void onListPart(Node node, ListPart part, long nowNanos);

    /** Its scheduler's state changed: our module is told. */
    void onNodeInfo(Node node);

    /** It sent events. */
    void onChunk(Node node, Session session, Chunk chunk);

    /** What is passed on to whom. */
    PassingOn passing();

    /** There is room on its link, or it acknowledged something. */
    void onReady(Node node);
}
