package org.merlin.module.quartz.state;

import java.util.Optional;

/**
 * What a result made of an object's state.
 *
 * @param changed whether it is another state, or one that was just confirmed
 */
public record Step(ObjectState after, boolean changed, Optional<Alert> alert) {}
