package org.merlin.module.quartz.state;

import java.util.Optional;

/** What a result made of an object's state. */
public record Step(ObjectState after, Optional<Alert> alert) {}
