package org.merlin.module.quartz.objects;

import java.util.Optional;

/**
 * What is done about an object's states, beside checking.
 *
 * @param handler the event handler, if there is one
 * @param handled whether it is run
 * @param isVolatile whether each problem result counts as a new problem
 */
public record Reaction(
        NotificationPlan notifications,
        Optional<CheckCommand> handler,
        boolean handled,
        FlapPlan flaps,
        boolean isVolatile) {
    public Reaction with(NotificationPlan other) {
        return new Reaction(other, handler, handled, flaps, isVolatile);
    }

    public Reaction with(FlapPlan other) {
        return new Reaction(notifications, handler, handled, other, isVolatile);
    }

    public Reaction withHandler(Optional<CheckCommand> other) {
        return new Reaction(notifications, other, handled, flaps, isVolatile);
    }

    public Reaction withHandled(boolean on) {
        return new Reaction(notifications, handler, on, flaps, isVolatile);
    }
}
