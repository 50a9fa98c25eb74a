package org.merlin.protocol.event;

/**
 * A command that somebody gave to a scheduler, as its command pipe takes it: {@code [entry time] NAME;arguments}.
 *
 * @param name e.g. {@code SCHEDULE_FORCED_SVC_CHECK}
 * @param arguments joined by semicolons, as given; may be empty
 * @param entrySeconds when it was given, seconds since 1970
 */
public record ExternalCommand(String name, String arguments, long entrySeconds) implements Event {
    public ExternalCommand {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a command needs a name; arguments are '" + arguments + "'");
        }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.externalCommand(this);
    }
}
