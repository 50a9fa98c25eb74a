package org.merlin.protocol.event;

import java.util.List;
import org.merlin.protocol.event.CheckResult.History;
import org.merlin.protocol.event.CheckResult.LastTimes;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.CheckResult.Output;
import org.merlin.protocol.event.CheckResult.Problem;
import org.merlin.protocol.event.CheckResult.Timing;

/** One event of each kind, with another value in each field. */
final class Samples {
    static final MonitoredObject HOST = MonitoredObject.ofHost("wéb");
    static final MonitoredObject SERVICE = MonitoredObject.ofService("web", "http");
    static final NotificationCount COUNT = new NotificationCount(300, 21, 22, 5, true);
    static final Problem PROBLEM = new Problem(31, -32);
    static final EventName NAME = new EventName(-41, 42, 4300);

    static final List<Event> ALL = List.of(
            new CheckResult(
                    SERVICE,
                    3,
                    StateType.SOFT,
                    2,
                    4,
                    CheckType.PASSIVE,
                    new Output("text", "long\ntext", "perf=1"),
                    new Timing(1, 2, -3, 4000, 5),
                    new History(1, 2, 6, 7, new LastTimes(8, 9, 10, 11), 12, 13, 14, 15, true, 16.5, 17),
                    COUNT,
                    PROBLEM),
            new CheckResult(
                    HOST,
                    1,
                    StateType.HARD,
                    1,
                    1,
                    CheckType.ACTIVE,
                    Output.of("down"),
                    new Timing(1, 2, 3, 4, 0),
                    new History(0, 1, 1, 1, new LastTimes(1, 2, 0, 0), 0, 0, 0, 0, false, 0, 0),
                    NotificationCount.NONE,
                    Problem.NONE),
            new ExternalCommand("SCHEDULE_SVC_CHECK", "web;http;7", 8),
            new Notification(SERVICE, Notification.CUSTOM, 2, 3, COUNT, PROBLEM, "anna", "look"),
            new ContactNotification(HOST, "anna", "mail", 1, 2, "down", "bob", "look", 51, 52),
            new Comment(SERVICE, 61, "anna", "why", true, 1, 62),
            new Downtime(HOST, 71, "anna", "why", 72, 73, true, 74, NAME),
            new Deletion(Deletion.Kind.DOWNTIME, NAME, SERVICE),
            new Acknowledgement(SERVICE, true, 81, 82, true, false, true, "anna", "mine", 83, 84),
            new Register(Register.Subject.SERVICE, "web", "http", "check_interval", "5"),
            new Repetition(91, 92, new Comment(SERVICE, 61, "anna", "why", true, 1, 62)),
            new Repetition(-93, 94, new Downtime(HOST, 71, "anna", "why", 72, 73, true, 74, NAME)),
            new Repetition(
                    95, 96000, new Acknowledgement(SERVICE, true, 81, 82, true, false, true, "anna", "mine", 83, 84)));

    private Samples() {}
}
