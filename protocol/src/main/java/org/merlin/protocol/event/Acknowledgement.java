package org.merlin.protocol.event;

/**
 * Somebody acknowledged a problem, or took that back. A register of its object: the packet's revision is the register's.
 *
 * @param set false if an acknowledgement was taken back
 * @param problem {@link CheckResult.Problem#began} of the problem it is for; it holds for no other
 * @param since {@link CheckResult.Problem#since} of the state it was given in; unless sticky it holds in no other
 * @param sticky whether it holds until the problem is over
 * @param persistent whether its comment outlives the problem
 * @param tellContacts whether contacts are told
 * @param entrySeconds when it was given; seconds since 1970
 * @param endSeconds when it is over by itself; 0 for never
 */
public record Acknowledgement(
        MonitoredObject object,
        boolean set,
        int problem,
        int since,
        boolean sticky,
        boolean persistent,
        boolean tellContacts,
        String author,
        String text,
        long entrySeconds,
        long endSeconds)
        implements Event {

    /** The same for a problem. */
    public Acknowledgement of(CheckResult.Problem of) {
        return new Acknowledgement(
                object,
                set,
                of.began(),
                of.since(),
                sticky,
                persistent,
                tellContacts,
                author,
                text,
                entrySeconds,
                endSeconds);
    }

    /** The same, of which contacts are not told. */
    public Acknowledgement silent() {
        return new Acknowledgement(
                object, set, problem, since, sticky, persistent, false, author, text, entrySeconds, endSeconds);
    }

    /** Nobody acknowledges any more. */
    public static Acknowledgement removed(MonitoredObject object, long entrySeconds) {
        return new Acknowledgement(object, false, 0, 0, false, false, false, "", "", entrySeconds, 0);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.acknowledgement(this);
    }
}
