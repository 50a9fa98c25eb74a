package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.merlin.confsync.generation.Follower.Settled;
import org.merlin.confsync.generation.Lineage.Relation;
import org.merlin.protocol.node.NodeRole;

/** Why a push from here would not get to all peers, as far as that is known beforehand. Confined to one thread. */
final class Obstacles {
    private final Syncer syncer;

    Obstacles(Syncer syncer) {
        this.syncer = syncer;
    }

    /** A peer that is connected has what follows ours and is not run here: a push would be another way, and is refused there. */
    Optional<String> ahead() throws IOException {
        for (Remote remote : syncer.remotes()) {
            if (remote.here() && remote.is(NodeRole.PEER) && relation(remote) == Relation.AHEAD) {
                return Optional.of(ahead(remote));
            }
        }
        return Optional.empty();
    }

    private String ahead(Remote remote) throws IOException {
        String runs = remote.runs();
        String what = remote.name() + " is ahead: it runs " + Hash.shown(runs) + " ("
                + syncer.lineage().get(runs).map(Generation::note).orElse("") + ")";
        if (syncer.follower().settled(runs).equals(Optional.of(Settled.REFUSED))) {
            return what + ", which was refused here: mend it there, or mon oconf resolve here to have all take what"
                    + " this node has";
        }
        if (syncer.edited()) {
            return what + ", which is not taken here, since " + syncer.folder().path()
                    + " holds changes that were not pushed; a push of these would be refused. Copy them aside, or let"
                    + " 'mon oconf fetch --force' put them into the history, from where 'mon oconf export' gets them;"
                    + " merge them into what comes then, and push";
        }
        return what + ", which this node has not taken yet: mon oconf status";
    }

    /** All that is known, for these peers, or for all if none is named. */
    List<String> all(Set<String> only) throws IOException {
        List<String> found = new ArrayList<>();
        ahead().ifPresent(found::add);
        for (Remote remote : syncer.remotes()) {
            if (!remote.here() || !remote.is(NodeRole.PEER) || !only.isEmpty() && !only.contains(remote.name())) {
                continue;
            }
            if (relation(remote) == Relation.APART) {
                found.add(remote.name() + " has gone another way, it runs " + Hash.shown(remote.runs())
                        + ": mon oconf resolve chooses one of the ways for all");
            } else if (remote.told().orElseThrow().edited()) {
                found.add(remote.name() + " would not take it, since its folder holds changes that were not pushed: "
                        + "there 'mon oconf fetch --force' puts them aside");
            }
        }
        return found;
    }

    /** Peers, connected or not, that run what does not lead to what this node runs. */
    List<String> disputes() throws IOException {
        List<String> names = new ArrayList<>();
        for (Remote remote : syncer.remotes()) {
            Relation relation = relation(remote);
            if (remote.is(NodeRole.PEER) && (relation == Relation.APART || relation == Relation.AHEAD)) {
                names.add(remote.name());
            }
        }
        return names;
    }

    private Relation relation(Remote remote) throws IOException {
        String head = syncer.memory().head();
        return remote.runs().isEmpty() || head.isEmpty()
                ? Relation.UNKNOWN
                : syncer.lineage().relate(remote.runs(), head).relation();
    }
}
