package org.merlin.daemon.sink.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** When the writer itself began to write history: what was imported is of epoch 0, which no scheduler's run has. */
final class WriterBegin {
    private WriterBegin() {}

    /** Seconds since 1970 of the first events of all runs; empty if nothing was written yet. */
    static OptionalLong seconds(Connection connection) throws SQLException {
        OptionalLong begin = OptionalLong.empty();
        for (List<String> run :
                SqlSession.rows(connection, "SELECT DISTINCT origin, epoch FROM report_data WHERE epoch <> 0")) {
            String first = SqlSession.rows(
                            connection,
                            "SELECT timestamp FROM report_data WHERE origin = ? AND epoch = ? ORDER BY sequence, part LIMIT 1",
                            Long.parseLong(run.get(0)),
                            Long.parseLong(run.get(1)))
                    .get(0)
                    .get(0);
            begin = OptionalLong.of(Math.min(begin.orElse(Long.MAX_VALUE), Long.parseLong(first)));
        }
        return begin;
    }
}
