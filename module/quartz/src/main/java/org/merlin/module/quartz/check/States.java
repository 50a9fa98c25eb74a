package org.merlin.module.quartz.check;

import org.merlin.module.quartz.state.ObjectState;

/** Looks up the present state of an object. Any thread. */
@FunctionalInterface
public interface States {
    ObjectState get(int index);
}
