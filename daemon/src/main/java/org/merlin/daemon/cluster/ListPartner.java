package org.merlin.daemon.cluster;

import org.merlin.protocol.control.ListPart;
import org.merlin.protocol.control.ListQuery;

/** Who has a loaded list, or wants to know one: our own module, another node. */
interface ListPartner {
    /** Asks it for a part of a list that it has announced. */
    void ask(ListQuery query);

    /** Tells it a part of ours. */
    void answer(ListPart part);
}
