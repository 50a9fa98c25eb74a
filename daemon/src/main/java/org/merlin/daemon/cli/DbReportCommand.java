package org.merlin.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.merlin.daemon.sink.HistoryException;
import org.merlin.daemon.sink.sql.SqlExport;
import org.merlin.daemon.sink.sql.SqlReport;
import org.merlin.daemon.sink.sql.SqlSession;
import org.merlin.protocol.conf.ConfException;
import org.merlin.protocol.time.WallClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mon db report NAME}: the documented queries. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Ask the database one of these; all times are UTC, the period is this month so far unless you say otherwise:",
            "  availability              seconds up, down and unreachable of each host and month, by hard states; what was planned",
            "  top-alerts                the hosts and services with most hard problems",
            "  notifications-of-contact  what --contact was told, the newest first",
            "  notifications-of-object   who was told of --host and its services, or one of them, the newest first",
            "  problems                  what is not well now"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  mon db report availability --month 2026-01 -o csv",
            "  mon db report availability --host web1 --from 2025-01-01 --to 2026-01-01",
            "  mon db report top-alerts --from 7d --limit 10",
            "  mon db report availability --sql"
        },
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:printed",
            "1:the query failed",
            "3:merlin.conf has no database",
            "64:usage",
            "69:no database answers",
            "78:bad configuration"
        })
final class DbReportCommand implements Callable<Integer> {
    private static final Map<SqlReport, Integer> LIMITS = Map.of(
            SqlReport.TOP_ALERTS,
            25,
            SqlReport.NOTIFICATIONS_OF_CONTACT,
            1_000,
            SqlReport.NOTIFICATIONS_OF_OBJECT,
            1_000);

    private final CliContext context;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "One of the names above.")
    private String name;

    @Option(names = "--from", paramLabel = "TIME", description = "The period's begin: " + TimeOption.FORMS)
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The period's end, which is not in it.")
    private String to;

    @Option(names = "--month", paramLabel = "MONTH", description = "A month instead, e.g. 2026-01.")
    private String month;

    @Option(names = "--host", paramLabel = "NAME", description = "This host; availability is of all without it.")
    private String host;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "This service of the host; an empty name for the host itself.")
    private String service;

    @Option(names = "--contact", paramLabel = "NAME", description = "This contact.")
    private String contact;

    @Option(
            names = "--limit",
            paramLabel = "ROWS",
            description = "So many at most (default: 25 of top-alerts, 1000 of notifications).")
    private Integer limit;

    @Option(names = "--sql", description = "Print the query instead, for other programs; :NAME is a parameter.")
    private boolean sql;

    @Option(
            names = {"-o", "--output"},
            description = "text (default), csv, or json: one line of JSON per row.",
            defaultValue = "text")
    private Form form;

    /** What {@code -o} takes here. */
    enum Form {
        text,
        csv,
        json
    }

    /** From a second until before another; what the first column says of it. */
    private record Period(String title, long from, long to) {}

    DbReportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, ConfException, HistoryException {
        SqlReport report = SqlReport.named(name)
                .orElseThrow(() -> bad(name + " is no report; there are "
                        + Stream.of(SqlReport.values()).map(SqlReport::title).collect(Collectors.joining(", "))));
        PrintWriter out = spec.commandLine().getOut();
        if (sql) {
            out.print(report.text());
            out.flush();
            return ExitStatus.OK;
        }
        Map<String, Object> values = values(report);
        List<Period> periods = periods(report);
        DatabasePlace place = DatabasePlace.of(context);
        try (SqlSession session = place.answering()) {
            RowTable table = new RowTable();
            SqlExport.Rows rows = form == Form.text ? table : new RowPrinter(out, RowPrinter.Form.valueOf(form.name()));
            ask(session, report, values, periods, rows);
            if (form == Form.text) {
                table.print(out);
            }
        }
        return ExitStatus.OK;
    }

    private ParameterException bad(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }

    /** Values of its parameters, but for the period's; what is said and not asked for is refused. */
    private Map<String, Object> values(SqlReport report) {
        Map<String, Object> values = new LinkedHashMap<>();
        take(report, values, "host", host, report == SqlReport.AVAILABILITY ? "*" : null);
        take(report, values, "service", service, "*");
        take(report, values, "contact", contact, null);
        take(report, values, "limit", limit, LIMITS.get(report));
        if (limit != null && limit < 1) {
            throw bad("--limit " + limit + ": it is 1 at least");
        }
        boolean timed = report.parameters().contains("from");
        if (!timed && (from != null || to != null || month != null)) {
            throw bad(name + " has no period: no --from, --to, --month");
        }
        if (month != null && (from != null || to != null)) {
            throw bad("--month is a period of its own: no --from, no --to");
        }
        return values;
    }

    private void take(SqlReport report, Map<String, Object> values, String parameter, Object said, Object usual) {
        if (!report.parameters().contains(parameter)) {
            if (said != null) {
                throw bad(name + " takes no --" + parameter);
            }
            return;
        }
        if (said == null && usual == null) {
            throw bad(name + " needs --" + parameter);
        }
        values.put(parameter, said == null ? usual : said);
    }

    /** What is asked: the whole period, but of availability each calendar month of it; never what is to come. */
    private List<Period> periods(SqlReport report) {
        long now = WallClock.micros() / 1_000_000;
        YearMonth thisMonth = YearMonth.from(Instant.ofEpochSecond(now).atOffset(ZoneOffset.UTC));
        long begin = TimeOption.seconds(spec, "--from", from).orElse(begin(thisMonth));
        long end = TimeOption.seconds(spec, "--to", to).orElse(now);
        if (month != null) {
            YearMonth one = month();
            begin = begin(one);
            end = begin(one.plusMonths(1));
        }
        end = Math.min(end, now);
        if (begin >= end) {
            throw bad("the period from " + Instant.ofEpochSecond(begin) + " to " + Instant.ofEpochSecond(end)
                    + " is empty; what is to come is not in it");
        }
        if (report != SqlReport.AVAILABILITY) {
            return List.of(new Period("", begin, end));
        }
        List<Period> periods = new ArrayList<>();
        YearMonth first = YearMonth.from(Instant.ofEpochSecond(begin).atOffset(ZoneOffset.UTC));
        for (YearMonth one = first; begin(one) < end; one = one.plusMonths(1)) {
            periods.add(
                    new Period(one.toString(), Math.max(begin, begin(one)), Math.min(end, begin(one.plusMonths(1)))));
        }
        return periods;
    }

    private YearMonth month() {
        try {
            return YearMonth.parse(month);
        } catch (DateTimeParseException e) {
            throw bad("--month=" + month + ": write 2026-01");
        }
    }

    private static long begin(YearMonth month) {
        return month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    }

    private static void ask(
            SqlSession session, SqlReport report, Map<String, Object> values, List<Period> periods, SqlExport.Rows rows)
            throws IOException, HistoryException {
        boolean begun = false;
        for (Period period : periods) {
            Map<String, Object> all = new LinkedHashMap<>(values);
            all.put("from", period.from());
            all.put("to", period.to());
            SqlReport.Found found = report.run(session, all);
            if (!begun) {
                rows.begin(row("month", found.columns(), period));
                begun = true;
            }
            for (List<Object> row : found.rows()) {
                rows.row(row(period.title(), row, period));
            }
        }
    }

    /** With a column for the month before it, where periods have a title. */
    private static <T> List<T> row(T title, List<T> row, Period period) {
        if (period.title().isEmpty()) {
            return row;
        }
        List<T> longer = new ArrayList<>(List.of(title));
        longer.addAll(row);
        return longer;
    }
}
