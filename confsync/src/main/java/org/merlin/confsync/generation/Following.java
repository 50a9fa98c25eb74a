package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.Optional;
import org.merlin.confsync.generation.Lineage.Relation;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.node.NodeRole;

/** What has become of a generation at a node that is to follow it, by what that node told. Confined to one thread. */
final class Following {
    /** What a scheduler says follows. */
    static final String REFUSES = "refuses it:\n";

    private static final String RESOLVE = "mon oconf resolve chooses one of the ways for all";

    private final Syncer syncer;

    /** How it ends. */
    enum End {
        RUNS,
        /** It is open: the node may follow yet. */
        OPEN,
        /** The node does not follow before somebody does something. */
        NEVER
    }

    /**
     * What is known of one node.
     *
     * @param words what it does, after its name; lines below the first are its scheduler's
     * @param remedy what somebody may do, empty where nothing is known
     */
    record Fate(End end, String words, String remedy) {
        private static Fate open(String words) {
            return new Fate(End.OPEN, words, "");
        }

        boolean runs() {
            return end == End.RUNS;
        }
    }

    Following(Syncer syncer) {
        this.syncer = syncer;
    }

    /**
     * Looks at one that is connected and takes part.
     *
     * @param hash of what this node runs, and that one is to run
     * @param heard whether it has had time to hear of it and to begin
     */
    Fate at(Remote remote, String hash, boolean heard) throws IOException {
        ConfigHead told = remote.told().orElseThrow();
        String expected = hash;
        if (remote.is(NodeRole.POLLER)) {
            if (!syncer.parts().madeOf().equals(hash)) {
                return Fate.open(
                        "has no part yet: this node's scheduler has not loaded it, or it cannot be cut (MRL-1094)");
            }
            expected = syncer.parts().of(remote.neighbour().hostgroups());
            if (syncer.parts().isEmpty(remote.neighbour().hostgroups())) {
                return new Fate(End.RUNS, Standing.NO_HOST, "");
            }
        }
        if (expected.isEmpty() || told.runs().equals(expected)) {
            return new Fate(End.RUNS, expected.isEmpty() ? "runs nothing of it" : "runs it", "");
        }
        Relation relation = syncer.lineage().relate(told.runs(), expected).relation();
        Optional<Generation> wanted = syncer.lineage().get(expected);
        if (wanted.isPresent() && told.refuses().equals(wanted.get().tree())) {
            return refuses(remote, told, relation);
        }
        if (relation == Relation.APART) {
            return apart(remote, told);
        }
        if (!told.doing().isEmpty()) {
            return Fate.open("is still " + told.doing());
        }
        if (relation == Relation.UNKNOWN
                && remote.is(NodeRole.POLLER)
                && !told.runs().isEmpty()
                && dispute(hash)) {
            return new Fate(
                    End.NEVER,
                    "keeps the part that another master gave it (it runs " + Hash.shown(told.runs())
                            + "), since masters have gone different ways",
                    RESOLVE);
        }
        if (heard && told.edited() && remote.is(NodeRole.PEER)) {
            return new Fate(
                    End.NEVER,
                    "does not take it: its folder holds changes that were not pushed",
                    "at " + remote.name() + " 'mon oconf fetch --force' puts its changes aside");
        }
        return Fate.open(
                relation == Relation.AHEAD
                        ? "runs " + Hash.shown(told.runs()) + ", which follows this one"
                        : (told.runs().isEmpty() ? "it runs nothing yet" : "it runs " + Hash.shown(told.runs()))
                                + ", and does not say why; its log may (MRL-1094)");
    }

    /** Where it ran and did not do, a way back follows that all take; where a check refused it, none comes. */
    private static Fate refuses(Remote remote, ConfigHead told, Relation relation) {
        boolean wayBack = remote.is(NodeRole.PEER) && (relation == Relation.AHEAD || relation == Relation.UNKNOWN);
        return new Fate(
                wayBack ? End.OPEN : End.NEVER,
                REFUSES + told.why(),
                "mend what " + remote.name() + " refuses, and push again");
    }

    private static Fate apart(Remote remote, ConfigHead told) {
        return new Fate(
                End.NEVER,
                "has gone another way, it runs " + Hash.shown(told.runs()) + ", which does not lead here",
                RESOLVE);
    }

    /** Whether a peer is known to run something that neither follows a generation nor leads to it. */
    private boolean dispute(String hash) throws IOException {
        for (Remote remote : syncer.remotes()) {
            if (remote.is(NodeRole.PEER)
                    && !remote.runs().isEmpty()
                    && syncer.lineage().relate(remote.runs(), hash).relation() == Relation.APART) {
                return true;
            }
        }
        return false;
    }
}
