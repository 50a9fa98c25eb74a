package org.merlin.daemon.bench;

import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;
import org.merlin.daemon.sink.Table;
import org.merlin.daemon.sink.sql.SqlBulk;
import org.merlin.protocol.node.NodeId;

/** Rows of a made up history, as a writer would make them of what three masters find: host by host each has a third. Confined to one thread. */
final class YearRows {
    private static final int CONTACTS = 200;
    private static final String[] MASTERS = {"monitor1", "monitor2", "monitor3"};
    private static final String[] SERVICES = {
        "ping", "disk /", "load", "memory", "ssh", "https", "certificate", "ntp", "swap", "updates"
    };
    private static final String[] STATES = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

    private final SqlBulk bulk;
    private final int objectsOfHost;
    private final long epoch;
    private final long[] sequences = new long[MASTERS.length];

    YearRows(SqlBulk bulk, int services, long epoch) {
        this.bulk = bulk;
        this.objectsOfHost = services + 1;
        this.epoch = epoch;
    }

    /** Name of a host by its number. */
    static String host(int number) {
        return "host-%05d.example.com".formatted(number);
    }

    /** Name of a contact by its number. */
    static String contact(int number) {
        return "contact-%03d".formatted(number % CONTACTS);
    }

    private String hostOf(int object) {
        return host(object / objectsOfHost);
    }

    private String serviceOf(int object) {
        int number = object % objectsOfHost - 1;
        if (number < 0) {
            return "";
        }
        return SERVICES[number % SERVICES.length] + (number < SERVICES.length ? "" : " " + number / SERVICES.length);
    }

    private int masterOf(int object) {
        return object / objectsOfHost % MASTERS.length;
    }

    void check(int object, int second, int state, boolean hard, int attempt) throws HistoryException {
        boolean isHost = object % objectsOfHost == 0;
        report(
                object,
                second,
                isHost ? RowMaker.HOST_CHECK : RowMaker.SERVICE_CHECK,
                state,
                hard,
                attempt,
                0,
                output(object, second, state));
    }

    void downtime(int object, int second, int type) throws HistoryException {
        report(object, second, type, 0, false, 0, type == RowMaker.DOWNTIME_START ? 1 : 0, "");
    }

    /** All schedulers read their configuration anew. */
    void reload(int second) throws HistoryException {
        for (int master = 0; master < MASTERS.length; master++) {
            long seconds = MadeUpYear.BEGIN + second;
            bulk.add(
                    Table.REPORT,
                    NodeId.of(MASTERS[master]).origin(),
                    epoch,
                    ++sequences[master],
                    0,
                    seconds,
                    RowMaker.ofSeconds(seconds),
                    RowMaker.PROCESS_RESTART,
                    "",
                    "",
                    0,
                    0,
                    0,
                    0,
                    MASTERS[master],
                    "");
        }
    }

    private void report(
            int object, int second, int type, int state, boolean hard, int attempt, int depth, String output)
            throws HistoryException {
        int master = masterOf(object);
        long seconds = MadeUpYear.BEGIN + second;
        bulk.add(
                Table.REPORT,
                NodeId.of(MASTERS[master]).origin(),
                epoch,
                ++sequences[master],
                0,
                seconds,
                RowMaker.ofSeconds(seconds),
                type,
                hostOf(object),
                serviceOf(object),
                state,
                hard ? 1 : 0,
                attempt,
                depth,
                output,
                "");
    }

    private String output(int object, int second, int state) {
        int figure = (object * 31 + second) % 1_000;
        return object % objectsOfHost == 0
                ? (state == 0 ? "PING OK" : "PING CRITICAL") + " - Packet loss = " + (state == 0 ? 0 : 100)
                        + "%, RTA = " + figure / 10.0 + " ms"
                : serviceOf(object).toUpperCase(java.util.Locale.ROOT) + " " + STATES[state] + " - figure " + figure
                        + " (limits 700 and 900), 12 samples in 60 s";
    }

    /** One contact of each host is told, of every other host a second one. */
    void notifications(int object, int second, int state) throws HistoryException {
        int host = object / objectsOfHost;
        told(object, second, state, contact(host));
        if (host % 2 == 0) {
            told(object, second, state, contact(host / 2 + 17));
        }
    }

    private void told(int object, int second, int state, String contact) throws HistoryException {
        int master = masterOf(object);
        long seconds = MadeUpYear.BEGIN + second;
        bulk.add(
                Table.NOTIFICATION,
                NodeId.of(MASTERS[master]).origin(),
                epoch,
                ++sequences[master],
                object % objectsOfHost == 0 ? 0 : 1,
                seconds,
                0,
                seconds,
                0,
                contact,
                hostOf(object),
                serviceOf(object),
                "notify-by-mail",
                state == 0 ? 1 : 0,
                state,
                output(object, second, state),
                "",
                "",
                0);
    }

    /** What an object has come to; every third problem was acknowledged. */
    void state(int object, int second, int state, boolean hard) throws HistoryException {
        long seconds = MadeUpYear.BEGIN + second;
        bulk.add(
                Table.STATE,
                hostOf(object),
                serviceOf(object),
                MASTERS[masterOf(object)],
                state,
                hard ? 1 : 0,
                1,
                3,
                0,
                state,
                hard ? state : 0,
                RowMaker.ofSeconds(seconds),
                RowMaker.ofSeconds(seconds + 60),
                RowMaker.ofSeconds(seconds - 3_600),
                RowMaker.ofSeconds(seconds - 3_600),
                0.01,
                0.2,
                0,
                0.0,
                0,
                null,
                output(object, second, state),
                "",
                "",
                1L);
        if (state != 0 && hard && object % 3 == 0) {
            bulk.add(
                    Table.ACKNOWLEDGEMENT,
                    hostOf(object),
                    serviceOf(object),
                    1,
                    1,
                    0,
                    "joe",
                    "seen",
                    RowMaker.ofSeconds(seconds),
                    null,
                    1L);
        }
    }

    /** Writes how far it came, and all that waits. */
    void end() throws HistoryException {
        for (int master = 0; master < MASTERS.length; master++) {
            bulk.add(Table.PROGRESS, NodeId.of(MASTERS[master]).origin(), epoch, sequences[master]);
        }
        bulk.flush();
    }
}
