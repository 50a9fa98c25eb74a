package org.merlin.daemon.sink.sql;

import java.sql.SQLException;
import java.util.Set;
import org.merlin.daemon.sink.HistoryException;

/** What to do about an error of the database; numbers are MariaDB's, states are the standard's. Pure. */
final class SqlTrouble {
    /** Deadlock, lock wait, certification failure. */
    private static final Set<Integer> AGAIN = Set.of(1213, 1205, 1180, 1020);
    /** Values that do not fit a column. */
    private static final Set<Integer> ROWS = Set.of(1406, 1366, 1264, 1048, 1292, 1153, 1118);

    private SqlTrouble() {}

    static HistoryException of(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        HistoryException.Kind kind = HistoryException.Kind.AWAY;
        if (AGAIN.contains(code(e)) || state.equals("40001")) {
            kind = HistoryException.Kind.AGAIN;
        } else if (ROWS.contains(code(e)) || state.startsWith("22")) {
            kind = HistoryException.Kind.ROWS;
        }
        return new HistoryException(kind, words(e), e);
    }

    /** The first number in the chain: a pool wraps the driver's error and has none itself. */
    private static int code(SQLException e) {
        return e.getErrorCode() == 0 && e.getCause() instanceof SQLException cause ? code(cause) : e.getErrorCode();
    }

    private static String words(SQLException e) {
        String remedy = switch (code(e)) {
            case 1045, 1698 -> ": check user and pass in section database";
            case 1044 -> ": the user may not use this database: GRANT ALL ON it";
            case 1049 -> ": create it: CREATE DATABASE ... CHARACTER SET utf8mb4";
            case 1146, 1054 -> ": mon db check says what the schema lacks";
            case 1290, 1836 -> ": the server takes no writes just now";
            case 1047 -> ": this node of the cluster is not part of it just now";
            case 1021, 1114, 3675 -> ": make room on the server's disk";
            default -> "";
        };
        remedy = remedy.isEmpty() && isDiskFull(e) ? ": make room on its disk" : remedy;
        SQLException deepest = e;
        while (deepest.getCause() instanceof SQLException cause) {
            deepest = cause;
        }
        String text = String.valueOf(deepest.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^\\(conn=\\d+\\) ", ""); // one trouble has one wording
        return text + remedy;
    }

    /** An embedded database has no number for it: the system says it somewhere behind the error. */
    private static boolean isDiskFull(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains("No space left on device")) {
                return true;
            }
        }
        return false;
    }
}
