package org.merlin.daemon.install;

import java.util.List;

/**
 * A change to a file.
 *
 * @param line number, from 1, of the first line that goes, or before which lines are added
 */
public record LineChange(int line, List<String> removed, List<String> added) {
    public LineChange {
        removed = List.copyOf(removed);
        added = List.copyOf(added);
    }
}
