package org.merlin.protocol.wire;

/** Values of a packet's type and code fields. They are never reused; those of events are the callback numbers of Nagios. */
public final class PacketType {
    public static final int NOTIFICATION = 5;

    public static final int SERVICE_CHECK = 6;
    public static final int HOST_CHECK = 7;
    public static final int COMMENT = 8;
    public static final int DOWNTIME = 9;
    public static final int EXTERNAL_COMMAND = 17;
    public static final int CONTACT_NOTIFICATION_METHOD = 21;
    public static final int ACKNOWLEDGEMENT = 22;
    /** Of a comment or downtime; not a callback of Nagios, as all from 64 on. */
    public static final int DELETION = 64;
    /** A switched attribute. */
    public static final int REGISTER = 65;
    /** A comment, downtime or acknowledgement that is told again under its first name. */
    public static final int REPETITION = 66;
    /** A control packet: its code says which. */
    public static final int CONTROL = 0xffff;

    /** Still here; opens every link. */
    public static final int PULSE = 1;
    /** My module is gone. */
    public static final int CTRL_INACTIVE = 2;
    /** My module runs, here is my NodeInfo. */
    public static final int CTRL_ACTIVE = 3;
    /** Daemon to daemon: run your fetch command for me now. No body. */
    public static final int FETCH = 9;
    /** Frame of a chunk: the packets that it covers follow. */
    public static final int CHUNK = 32;
    /** How far streams are covered. */
    public static final int MARKS = 33;
    /** Why the sender closes this link. */
    public static final int REFUSAL = 34;
    /** Asks for a pulse at once. */
    public static final int PROBE = 35;
    /** Daemon to module: who runs what. */
    public static final int RINGS = 36;

    /** Daemon to module: who runs this check? */
    public static final int ASSIGNMENT_QUERY = 37;
    /** Module to daemon: the answer. */
    public static final int ASSIGNMENT = 38;

    /** Daemon to daemon: run no checks from now on, or run them again. */
    public static final int DRAIN = 39;

    /** Daemon to module: who runs what, of many checks? */
    public static final int ASSIGNMENT_LIST_QUERY = 40;
    /** Module to daemon: a part of the answer. */
    public static final int ASSIGNMENT_LIST = 41;

    /** Asks for what the other side's state table holds. */
    public static final int STATE_ASK = 48;
    /** Around the items of a state table: where they begin, that they end, that there are none. */
    public static final int STATE_TOLD = 49;

    /** Daemon to module: how much of this run's stream another node has. Who has not said so much yet was set back. */
    public static final int RUN_MARK = 50;
    /** Daemon to daemon, daemon to module: which objects has your scheduler loaded? */
    public static final int LIST_QUERY = 42;
    /** A part of the answer. */
    public static final int LIST_PART = 43;
    /** Daemon to module: which of its objects others have not loaded. */
    public static final int LACKING = 44;

    /** Daemon to daemon: which object configuration I run, and which you are to run. */
    public static final int CONFIG_HEAD = 51;
    /** Would your scheduler take this generation? */
    public static final int CONFIG_TRY = 52;
    /** The answer. */
    public static final int CONFIG_VERDICT = 53;
    /** Asks for a piece of an object of the configuration. */
    public static final int CONFIG_ASK = 54;
    /** The piece. */
    public static final int CONFIG_PIECE = 55;
    /** Daemon to module: merlin.conf was read, and is good; read it, too. */
    public static final int CONF_READ = 56;

    private PacketType() {}
}
