package org.merlin.protocol.event;

/** Something that happened in a scheduler and that other nodes are told. */
public sealed interface Event
        permits CheckResult,
                ExternalCommand,
                Notification,
                ContactNotification,
                Comment,
                Downtime,
                Deletion,
                Acknowledgement,
                Register,
                Repetition {
    /** Calls the method of {@code visitor} that is for this kind of event. */
    <R> R accept(Visitor<R> visitor);

    /** One method per kind of event, so that the compiler lists every place that must handle a new one. */
    interface Visitor<R> {
        R checkResult(CheckResult result);

        R externalCommand(ExternalCommand command);

        R notification(Notification notification);

        R contactNotification(ContactNotification notification);

        R comment(Comment comment);

        R downtime(Downtime downtime);

        R deletion(Deletion deletion);

        R acknowledgement(Acknowledgement acknowledgement);

        R register(Register register);

        R repetition(Repetition repetition);
    }
}
