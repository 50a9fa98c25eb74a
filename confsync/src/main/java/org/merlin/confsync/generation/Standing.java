package org.merlin.confsync.generation;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.merlin.confsync.generation.Follower.Settled;
import org.merlin.confsync.generation.Lineage.Relation;
import org.merlin.protocol.control.ConfigHead;
import org.merlin.protocol.node.NodeRole;

/**
 * How another node's configuration stands to this one's.
 *
 * @param word for programs
 * @param words for people: {@code in sync}, or why it is not
 */
record Standing(Word word, String words) {
    /** Stable words, in lower case in what programs read. */
    enum Word {
        IN_SYNC,
        /** It has not what it is to run, and nothing is known to be in the way. */
        BEHIND,
        /** It runs what follows ours. */
        AHEAD,
        /** Neither follows the other. */
        APART,
        /** It refuses ours, or we refuse its. */
        REFUSED,
        /** Its folder holds changes that were not pushed. */
        EDITED,
        /** It is no canary, and waits. */
        HELD,
        /** A master that has nothing for us yet. */
        NO_OFFER,
        AWAY,
        NO_PART;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String NO_HOST = "keeps what it has: its hostgroups hold no host here";
    static final String EDITED_HERE = "ahead, not taken: the folder here holds changes that were not pushed";

    /** Where a node stands that is to run {@code wanted}; empty if this node offers it nothing. */
    static Standing of(Syncer syncer, Remote remote, String wanted) throws IOException {
        if (!remote.linked()) {
            boolean was = remote.told().isPresent()
                    && !wanted.isEmpty()
                    && remote.runs().equals(wanted);
            return new Standing(Word.AWAY, was ? "not connected, was in sync" : "not connected");
        }
        if (remote.told().isEmpty()) {
            return new Standing(Word.NO_PART, "takes no part");
        }
        ConfigHead told = remote.told().get();
        if (remote.is(NodeRole.MASTER)) {
            return ofMaster(syncer, told);
        }
        if (remote.is(NodeRole.POLLER)
                && syncer.parts().isEmpty(remote.neighbour().hostgroups())) {
            return new Standing(Word.BEHIND, NO_HOST);
        }
        if (told.runs().equals(wanted)) {
            return wanted.isEmpty()
                    ? new Standing(Word.BEHIND, "has no configuration yet")
                    : told.edited() ? edited() : new Standing(Word.IN_SYNC, "in sync");
        }
        if (wanted.isEmpty()) {
            return new Standing(
                    Word.BEHIND,
                    remote.is(NodeRole.POLLER) ? "its part is not made yet" : "this node has no configuration yet");
        }
        return ofOther(syncer, remote, wanted, told);
    }

    private static Standing ofOther(Syncer syncer, Remote remote, String wanted, ConfigHead told) throws IOException {
        Optional<Generation> generation = syncer.lineage().get(wanted);
        if (!told.refuses().isEmpty() && generation.map(Generation::tree).equals(Optional.of(told.refuses()))) {
            return new Standing(Word.REFUSED, "refuses it");
        }
        if (generation.isPresent() && !generation.get().isFor(remote.name())) {
            return new Standing(Word.HELD, "held back");
        }
        Optional<Settled> here = syncer.follower().settled(told.offers());
        if (here.equals(Optional.of(Settled.REFUSED))) {
            return new Standing(Word.REFUSED, "its generation was refused here");
        }
        Relation relation = syncer.lineage().relate(told.runs(), wanted).relation();
        if (relation == Relation.APART || here.equals(Optional.of(Settled.APART))) {
            return apart();
        }
        if (relation == Relation.AHEAD) {
            return new Standing(Word.AHEAD, syncer.edited() ? EDITED_HERE : "ahead");
        }
        if (told.edited()) {
            return edited();
        }
        return new Standing(Word.BEHIND, told.doing().isEmpty() ? "behind" : told.doing());
    }

    private static Standing edited() {
        return new Standing(Word.EDITED, "edited, not pushed");
    }

    private static Standing apart() {
        return new Standing(Word.APART, "has gone another way");
    }

    private static Standing ofMaster(Syncer syncer, ConfigHead told) {
        String offers = told.offers();
        if (offers.isEmpty()) {
            return new Standing(Word.NO_OFFER, "offers nothing");
        }
        if (offers.equals(syncer.memory().head())) {
            return new Standing(Word.IN_SYNC, "in sync");
        }
        return syncer.follower()
                .settled(offers)
                .map(settled -> switch (settled) {
                    case HELD -> new Standing(Word.HELD, "its generation is held back");
                    case REFUSED -> new Standing(Word.REFUSED, "its generation was refused here");
                    case BEHIND -> new Standing(Word.BEHIND, "behind");
                    case APART -> apart();
                    case EDITED, LOST -> new Standing(Word.AHEAD, "its generation could not be taken");
                })
                .orElse(new Standing(Word.AHEAD, "ahead"));
    }
}
