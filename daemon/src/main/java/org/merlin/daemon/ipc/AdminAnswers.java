package org.merlin.daemon.ipc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.merlin.daemon.cluster.BacklogReport;
import org.merlin.daemon.cluster.Cluster;
import org.merlin.daemon.cluster.StatusReport;
import org.merlin.daemon.conf.Reload;
import org.merlin.daemon.sink.Sink;
import org.merlin.daemon.status.ClusterView;
import org.merlin.protocol.control.Assignment;
import org.merlin.protocol.control.AssignmentList;
import org.merlin.protocol.control.AssignmentListQuery.Which;
import org.merlin.protocol.time.NanoClock;

/** Answers the command line tool in JSON of stable, snake case keys. On the cluster loop. */
public final class AdminAnswers implements AdminSocket.Answers {
    private final ObjectMapper json = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    private final Cluster cluster;
    private final StatusReport report;
    private final BacklogReport backlogs;
    private final Reload reload;
    private final NanoClock clock;
    private final BiConsumer<String, Consumer<String>> configs;
    private final Optional<Sink> sink;

    /**
     * Answers about a cluster.
     *
     * @param sink writes the database, if there is one
     * @param configs answers {@code oconf-*}, later and on a thread of its own
     */
    public AdminAnswers(
            Cluster cluster,
            Reload reload,
            NanoClock clock,
            Optional<Sink> sink,
            BiConsumer<String, Consumer<String>> configs) {
        this.configs = configs;
        this.sink = sink;
        this.reload = reload;
        this.cluster = cluster;
        this.report = new StatusReport(cluster);
        this.backlogs = new BacklogReport(cluster);
        this.clock = clock;
    }

    /**
     * What {@code assign OBJECT} answers.
     *
     * @param error empty if all went well
     * @param runner who runs it; empty if nobody does
     */
    public record AssignmentView(
            String object,
            String error,
            boolean known,
            String runner,
            List<String> inLine,
            long slot,
            long slots,
            boolean runsHere,
            boolean handover,
            boolean unassigned,
            String why) {}

    private List<ClusterView.Database> databases() {
        return sink.map(Sink::view).stream()
                .map(view -> new ClusterView.Database(
                        view.database(),
                        view.state(),
                        view.writer(),
                        view.lagEvents(),
                        view.lagSeconds(),
                        view.problem()))
                .toList();
    }

    @Override
    public void answer(String question, Consumer<String> answer) {
        if (question.equals("nodes")) {
            answer.accept(write(report.view().with(databases())));
        } else if (question.equals("nodeinfo")) {
            answer.accept(NodeInfoLines.of(report.view(), report.nowMicros() / 1_000_000, report.dataTimeout()));
        } else if (question.startsWith("drain ") || question.startsWith("undrain ")) {
            String[] words = question.split(" ", -1);
            boolean force = words.length > 2 && words[2].equals("force");
            cluster.drain(
                    words[1],
                    words[0].equals("drain"),
                    force,
                    clock.nanos(),
                    reasons -> answer.accept(write(Map.of("reasons", reasons))));
        } else if (question.startsWith("can-stop ")) {
            answer.accept(write(Map.of("reasons", cluster.whyNotStop(question.substring("can-stop ".length())))));
        } else if (question.startsWith("remote-fetch ")) {
            String node = question.substring("remote-fetch ".length());
            answer.accept(write(Map.of("reasons", cluster.configs().remoteFetch(node))));
        } else if (question.startsWith("hook-retry ")) {
            String node = question.substring("hook-retry ".length());
            answer.accept(write(Map.of("reasons", cluster.configs().retry(node, clock.nanos()))));
        } else if (question.startsWith("assign ")) {
            String object = question.substring("assign ".length());
            cluster.questions().ask(object, clock.nanos(), found -> answer.accept(write(view(object, found))));
        } else if (question.startsWith("assign-list ")) {
            assignments(question.split(" "), answer);
        } else if (question.startsWith("oconf-")) {
            configs.accept(question, answer);
        } else if (question.equals("sink")) {
            answer.accept(write(Map.of("sinks", sink.map(Sink::view).stream().toList())));
        } else if (question.equals("sink-move")) {
            sink.ifPresent(Sink::move);
            answer.accept(write(Map.of("sinks", sink.map(Sink::view).stream().toList())));
        } else if (question.equals("reload")) {
            reload.read(view -> answer.accept(write(view)));
        } else if (question.equals("backlog")) {
            answer.accept(write(backlogs.view()));
        } else if (question.startsWith("backlog-")) {
            aboutBacklog(question.split(" "), answer);
        } else {
            answer.accept(
                    write(
                            Map.of(
                                    "error",
                                    "unknown question; this daemon answers: nodes, nodeinfo, assign OBJECT, assign-list WHICH NODE FROM, drain NODE, undrain NODE,"
                                            + " can-stop NODE, reload, remote-fetch NODE, hook-retry NODE, sink, sink-move,"
                                            + " backlog, backlog-drop NODE SECONDS, backlog-page NODE POSITION,"
                                            + " oconf-status, oconf-history, oconf-plan NODE..., oconf-push WISH, oconf-progress NUMBER, oconf-fetch,"
                                            + " oconf-diff NODE, oconf-compare GENERATION GENERATION, oconf-files GENERATION, oconf-file GENERATION OFFSET PATH")));
        }
    }

    /** {@code backlog-drop NODE SECONDS} and {@code backlog-page NODE POSITION}; SECONDS 0 is all, NODE - is all. */
    private void aboutBacklog(String[] words, Consumer<String> answer) {
        try {
            long number = words.length == 3 ? Long.parseLong(words[2]) : -1;
            if (number < 0 || number > Long.MAX_VALUE / 1_000_000) {
                answer.accept(write(Map.of("error", "not understood: " + String.join(" ", words))));
            } else if (words[0].equals("backlog-drop")) {
                backlogs.drop(words[1], number * 1_000_000, dropped -> answer.accept(write(dropped)));
            } else {
                answer.accept(write(backlogs.page(words[1].equals("-") ? "" : words[1], number)));
            }
        } catch (NumberFormatException e) {
            answer.accept(write(Map.of("error", "no number: " + words[2])));
        }
    }

    /**
     * What {@code assign-list} answers.
     *
     * @param error empty if all went well
     * @param checks some of them, in the order of the scheduler's objects
     * @param next what to ask from for the rest; -1 if this was the last
     */
    public record AssignmentsView(String error, List<CheckView> checks, int next) {}

    /**
     * A check.
     *
     * @param runner who runs it; empty for nobody
     * @param next who would if that one were gone; empty for nobody
     * @param overdueSeconds for how long its result is missing; 0 if it is not overdue
     */
    public record CheckView(String object, String runner, String next, int overdueSeconds) {}

    /** {@code assign-list WHICH NODE FROM}; NODE - where none matters. */
    private void assignments(String[] words, Consumer<String> answer) {
        try {
            if (words.length != 4) {
                throw new IllegalArgumentException("assign-list WHICH NODE FROM");
            }
            Which which = Which.valueOf(words[1].toUpperCase(Locale.ROOT));
            cluster.questions()
                    .ask(
                            which,
                            words[2],
                            Integer.parseInt(words[3]),
                            clock.nanos(),
                            found -> answer.accept(write(found.map(AdminAnswers::view)
                                    .orElse(new AssignmentsView("the module does not answer", List.of(), -1)))));
        } catch (IllegalArgumentException e) {
            answer.accept(write(new AssignmentsView("not understood: " + e.getMessage(), List.of(), -1)));
        }
    }

    private static AssignmentsView view(AssignmentList list) {
        return new AssignmentsView(
                "",
                list.rows().stream()
                        .map(row -> new CheckView(row.object(), row.runner(), row.next(), row.overdueSeconds()))
                        .toList(),
                list.next());
    }

    private static AssignmentView view(String object, Optional<Assignment> found) {
        if (found.isEmpty()) {
            return new AssignmentView(
                    object, "the module does not answer", false, "", List.of(), 0, 0, false, false, false, "");
        }
        Assignment assignment = found.get();
        List<String> inLine = assignment.inLine();
        return new AssignmentView(
                object,
                assignment.known() ? "" : "the scheduler has loaded no such host or service",
                assignment.known(),
                inLine.isEmpty() ? "" : inLine.get(0),
                inLine,
                assignment.slot(),
                assignment.ofSlots(),
                assignment.runsHere(),
                assignment.handover(),
                assignment.known() && inLine.isEmpty(),
                assignment.why());
    }

    private String write(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + view, e);
        }
    }
}
