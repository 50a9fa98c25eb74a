package org.merlin.daemon.sink.sql;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.RowMaker;
import org.merlin.daemon.sink.Table;
import org.merlin.daemon.sink.archive.LogEntries;
import org.merlin.daemon.sink.archive.LogFile;
import org.merlin.daemon.sink.archive.LogLine;
import org.merlin.protocol.event.MonitoredObject;

/**
 * Writes what schedulers' log files tell into {@code report_data} and {@code notification}: one row for each state that is new or was
 * confirmed, as the writer does. A row is named by its line, so that a line that is read again, from whatever file, changes nothing.
 * Takes little memory, however long the logs. Confined to one thread.
 */
public final class SqlLogImport {
    private static final String SOURCE = "log";
    private static final int MOST_EXAMPLES = 10;
    private static final long MICROS = 1_000_000;
    /** Lines between two writes of progress where few give rows. */
    private static final int LINES_A_PROGRESS = 200_000;

    private final long origin = ImportedRows.origin(SOURCE);
    private final ImportedRows rows;
    private final int reports;
    private final int notifications;
    private final PastStates past;
    private final long since;
    private final long until;
    private final Counts counts = new Counts();
    private final Map<String, Integer> sameLines = new HashMap<>();
    private long second = Long.MIN_VALUE;
    private String line = "";

    /**
     * Which lines are wanted.
     *
     * @param incremental only what is newer than what was read last
     * @param since seconds since 1970, inclusive
     * @param until the same, exclusive; where it is not set, the time at which the writer itself began
     */
    public record Wanted(boolean incremental, OptionalLong since, OptionalLong until) {}

    /**
     * What came of it.
     *
     * @param fresh rows that were not there before
     * @param known rows that were
     * @param outside lines that were not wanted
     * @param until from when on lines were left out; empty if none were
     * @param examples first malformed lines: place and what is wrong
     */
    public record Result(
            int files,
            long lines,
            long fresh,
            long known,
            long outside,
            String until,
            long malformed,
            List<String> examples) {}

    private static final class Counts {
        private long lines;
        private long outside;
        private long malformed;
        private final List<String> examples = new ArrayList<>();

        void malformed(Path file, long number, String why) {
            malformed++;
            if (examples.size() < MOST_EXAMPLES) {
                examples.add(file + ":" + number + ": " + why);
            }
        }
    }

    private SqlLogImport(SqlSession session, Wanted wanted) throws HistoryException {
        rows = new ImportedRows(session, SOURCE);
        reports = rows.table(Table.REPORT.title(), Table.REPORT.columns());
        notifications = rows.table(Table.NOTIFICATION.title(), Table.NOTIFICATION.columns());
        past = new PastStates(session, rows);
        long read = wanted.incremental() ? rows.progress().orElse(Long.MIN_VALUE) : Long.MIN_VALUE;
        since = Math.max(read, wanted.since().orElse(Long.MIN_VALUE));
        until = wanted.until().isPresent()
                ? wanted.until().getAsLong()
                : session.run(WriterBegin::seconds).orElse(Long.MAX_VALUE);
    }

    /**
     * Reads files, the oldest first.
     *
     * @throws IOException if one cannot be read; nothing was written then
     */
    public static Result run(SqlSession session, List<Path> files, Wanted wanted) throws HistoryException, IOException {
        Map<Path, Long> begins = new LinkedHashMap<>();
        for (Path file : files) {
            begins.put(file, LogFile.begin(file).orElse(Long.MIN_VALUE));
        }
        SqlLogImport reader = new SqlLogImport(session, wanted);
        List<Path> sorted = begins.keySet().stream()
                .sorted(Comparator.comparing(begins::get))
                .toList();
        for (Path file : sorted) {
            reader.read(file);
        }
        reader.rows.flush();
        Counts counts = reader.counts;
        return new Result(
                sorted.size(),
                counts.lines,
                reader.rows.fresh(),
                reader.rows.known(),
                counts.outside,
                reader.until == Long.MAX_VALUE
                        ? ""
                        : Instant.ofEpochSecond(reader.until).toString(),
                counts.malformed,
                List.copyOf(counts.examples));
    }

    private void read(Path path) throws HistoryException, IOException {
        try (LogFile file = LogFile.open(path)) {
            for (Optional<String> next = next(path, file); next.isPresent(); next = next(path, file)) {
                if (!next.get().isEmpty()) {
                    take(path, file, next.get());
                }
            }
        }
    }

    private Optional<String> next(Path path, LogFile file) {
        try {
            return Optional.ofNullable(file.next());
        } catch (IOException e) {
            counts.malformed(path, file.line() + 1, "cannot be read any further: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void take(Path path, LogFile file, String text) throws HistoryException {
        counts.lines++;
        if (file.isTooLong()) {
            counts.malformed(path, file.line(), "is longer than 64 KiB");
            return;
        }
        try {
            LogLine read = LogLine.of(text);
            if (read.seconds() < since || read.seconds() >= until) {
                counts.outside++;
                return;
            }
            if (read.seconds() != second) {
                second = read.seconds();
                sameLines.clear();
            }
            line = text;
            read.tell(new Writer());
            rows.reach(second);
            if (counts.lines % LINES_A_PROGRESS == 0) {
                rows.flush();
            }
        } catch (LogLine.MalformedException e) {
            counts.malformed(path, file.line(), e.getMessage());
        }
    }

    /** A number for the line that is read: of equal ones within a second each has its own. */
    private long name() {
        int before = sameLines.merge(line, 1, Integer::sum) - 1;
        return ImportedRows.hash(before == 0 ? line : line + "\n" + before);
    }

    /** Makes rows of what the present line says. */
    private final class Writer implements LogEntries {
        private void report(
                long seconds,
                int type,
                Optional<MonitoredObject> object,
                int state,
                int hard,
                int retry,
                int depth,
                String text)
                throws HistoryException {
            int end = text.indexOf("\\n");
            rows.add(
                    reports,
                    origin,
                    ImportedRows.EPOCH,
                    name(),
                    0,
                    seconds,
                    RowMaker.time(seconds * MICROS),
                    type,
                    object.map(MonitoredObject::host).orElse(""),
                    object.map(MonitoredObject::service).orElse(""),
                    state,
                    hard,
                    retry,
                    depth,
                    end < 0 ? text : text.substring(0, end),
                    end < 0 ? "" : text.substring(end + 2).replace("\\n", "\n"));
        }

        @Override
        public void state(long seconds, MonitoredObject object, int state, boolean hard, int attempt, String output)
                throws HistoryException {
            PastStates.Past known = past.of(object, seconds);
            int confirmed = hard || state == 0 ? 1 : 0;
            if (known.becomes(state, confirmed)) {
                int type = object.isHost() ? RowMaker.HOST_CHECK : RowMaker.SERVICE_CHECK;
                report(seconds, type, Optional.of(object), state, confirmed, attempt, known.depth(), output);
            }
        }

        @Override
        public void downtime(long seconds, MonitoredObject object, boolean begins, String text)
                throws HistoryException {
            int depth = begins ? 1 : 0;
            past.of(object, seconds).deepens(depth);
            int type = begins ? RowMaker.DOWNTIME_START : RowMaker.DOWNTIME_STOP;
            report(seconds, type, Optional.of(object), 0, 0, 0, depth, text);
        }

        @Override
        public void flapping(long seconds, MonitoredObject object, boolean begins, String text)
                throws HistoryException {
            PastStates.Past known = past.of(object, seconds);
            int type = begins ? RowMaker.FLAPPING_START : RowMaker.FLAPPING_STOP;
            report(seconds, type, Optional.of(object), known.state(), known.hard(), 0, known.depth(), text);
        }

        @Override
        public void program(long seconds, boolean starts, String text) throws HistoryException {
            int type = starts ? RowMaker.PROCESS_START : RowMaker.PROCESS_RESTART;
            report(seconds, type, Optional.empty(), 0, 0, 0, 0, text);
        }

        @Override
        public void notification(long seconds, MonitoredObject object, Told told) throws HistoryException {
            rows.add(
                    notifications,
                    origin,
                    ImportedRows.EPOCH,
                    name(),
                    object.isHost() ? 0 : 1,
                    seconds,
                    0,
                    seconds,
                    0,
                    told.contact(),
                    object.host(),
                    object.service(),
                    told.command(),
                    told.reason(),
                    told.state(),
                    told.output(),
                    told.author(),
                    told.comment(),
                    0);
        }
    }
}
