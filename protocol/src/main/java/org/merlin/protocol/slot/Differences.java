package org.merlin.protocol.slot;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In what the lists of a ring's members differ from ours: which of our objects they have not loaded. Indexes are those of our
 * {@link SlotTable}. Immutable.
 */
public final class Differences {
    /** All have loaded what we have. */
    public static final Differences NONE = new Differences(false, Map.of());
    /** They have not, and it is not known yet in what they differ. */
    public static final Differences UNKNOWN = new Differences(true, Map.of());

    private final boolean any;
    private final Map<String, BitSet> lacking = new HashMap<>();
    private final BitSet somebodyLacks = new BitSet();

    private Differences(boolean any, Map<String, BitSet> lacking) {
        this.any = any;
        lacking.forEach((node, indexes) -> {
            this.lacking.put(node, (BitSet) indexes.clone());
            somebodyLacks.or(indexes);
        });
    }

    /**
     * Where they are known.
     *
     * @param lacking by node, the indexes of what it has not loaded; who is not named has all that we have
     */
    public static Differences of(Map<String, BitSet> lacking) {
        return new Differences(true, lacking);
    }

    /** Whether lists differ at all. */
    public boolean any() {
        return any;
    }

    /** Whether they differ, and it is known in what. */
    public boolean known() {
        return any && this != UNKNOWN;
    }

    /** The members of a ring that have an object of ours, in their order. */
    public List<String> having(PeerRing ring, int index) {
        if (!somebodyLacks.get(index)) {
            return ring.names();
        }
        return ring.names().stream().filter(node -> has(node, index)).toList();
    }

    private boolean has(String node, int index) {
        BitSet indexes = lacking.get(node);
        return indexes == null || !indexes.get(index);
    }
}
