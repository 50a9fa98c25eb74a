package org.merlin.daemon.cluster;

import org.merlin.protocol.control.Marks.Mark;

/** Where chunks come from: it is told what is on our disk, and what to repeat. */
interface Source {
    /** Name for the log. */
    String name();

    /** Everything up to here is on our disk. */
    void acknowledge(Mark mark);

    /** A chunk began above this mark and was not taken. */
    void askAgain(Mark mark);
}
