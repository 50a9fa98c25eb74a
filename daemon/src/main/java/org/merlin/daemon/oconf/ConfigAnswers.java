package org.merlin.daemon.oconf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.merlin.confsync.generation.Push;
import org.merlin.confsync.generation.PushWish;
import org.merlin.confsync.generation.SyncView;
import org.merlin.confsync.generation.Syncer;
import org.merlin.protocol.node.NodeRole;

/** Answers the command line about the object configuration, in JSON of stable, snake case keys. Any thread. */
public final class ConfigAnswers {
    private static final int REMEMBERED = 20;

    /** Why there is no answer, for exit statuses. */
    enum Because {
        /** A name that is not known, or stands for more than one. */
        USAGE,
        /** It may not be done here, or now. */
        UNSAFE,
        NO_PART,
        BUSY,
        /** What is asked for is not here, or not any more. */
        GONE
    }

    private final ObjectMapper json = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    private final KeptAnswers kept = new KeptAnswers(this);
    private final Optional<ConfigKeeper> keeper;
    private final Map<Integer, Push> pushes = new LinkedHashMap<>();
    private int last;

    /** Answers for a keeper; where there is none, that this node takes no part. */
    public ConfigAnswers(Optional<ConfigKeeper> keeper) {
        this.keeper = keeper;
    }

    /** How far a push is: what {@code oconf-progress} answers. */
    public record Progress(
            String error,
            String stage,
            boolean ended,
            boolean good,
            String generation,
            List<String> lines,
            Map<String, String> nodes) {}

    /**
     * Answers {@code oconf-*}.
     *
     * @param answer called later, on the sync's thread
     */
    public void answer(String question, Consumer<String> answer) {
        if (keeper.isEmpty()) {
            answer.accept(error(
                    Because.NO_PART,
                    "this node takes no part in the sync of the object configuration: set oconf_dir in its"
                            + " merlin.conf, and restart merlind"));
            return;
        }
        String[] words = question.split(" ", 2);
        if (words[0].equals("oconf-plan")) {
            keeper.get().ask(syncer -> plan(syncer, words.length == 2 ? words[1] : "", answer));
            return;
        }
        if (words[0].equals("oconf-diff")) {
            keeper.get().ask(syncer -> difference(syncer, words.length == 2 ? words[1] : "", answer));
            return;
        }
        keeper.get().ask(syncer -> answer.accept(answer(syncer, words[0], words.length == 2 ? words[1] : "")));
    }

    private String answer(Syncer syncer, String word, String rest) {
        try {
            return switch (word) {
                case "oconf-status" -> json.writeValueAsString(status(syncer.view()));
                case "oconf-history" ->
                    json.writeValueAsString(Map.of(
                            "generations",
                            syncer.history().stream()
                                    .map(ConfigAnswers::generation)
                                    .toList()));
                case "oconf-push" -> push(syncer, json.readTree(rest));
                case "oconf-files", "oconf-file", "oconf-compare" -> kept.answer(syncer, word, rest);
                case "oconf-progress" -> progress(rest);
                case "oconf-fetch" -> fetch(syncer, rest.equals("force"));
                default -> error(Because.USAGE, "unknown question: " + word);
            };
        } catch (IOException | UncheckedIOException e) {
            return error(Because.GONE, String.valueOf(e.getMessage()));
        }
    }

    private void plan(Syncer syncer, String names, Consumer<String> answer) {
        try {
            Set<String> only = names.isBlank() ? Set.of() : new TreeSet<>(List.of(names.split(" ")));
            Optional<String> unknown = unknown(syncer, only);
            if (unknown.isPresent()) {
                answer.accept(noNode(unknown.get()));
            } else if (!syncer.plan(only, plan -> answer.accept(write(plan)))) {
                answer.accept(
                        error(Because.BUSY, "this node is busy with the configuration just now: mon oconf status"));
            }
        } catch (IOException e) {
            answer.accept(error(Because.GONE, String.valueOf(e.getMessage())));
        }
    }

    String write(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + view, e);
        }
    }

    private static Map<String, Object> status(SyncView view) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("runs", view.runs().map(ConfigAnswers::generation).orElse(null));
        status.put("folder", view.folder());
        status.put("edited", view.edited());
        status.put("doing", view.doing());
        status.put("refused_tree", view.refused().getKey());
        status.put("refused_why", view.refused().getValue());
        status.put("nodes", view.nodes().stream().map(ConfigAnswers::node).toList());
        return status;
    }

    static Map<String, Object> generation(SyncView.Entry entry) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("hash", entry.hash());
        shown.put("tree", entry.tree());
        shown.put("author", entry.author());
        shown.put("seconds", entry.seconds() == 0 ? null : entry.seconds());
        shown.put("note", entry.note());
        shown.put("only", entry.only());
        shown.put("state", entry.state());
        return shown;
    }

    private static Map<String, Object> node(SyncView.Other other) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", other.name());
        shown.put("role", other.role().word());
        shown.put("state", other.state());
        shown.put("state_word", other.stateWord());
        shown.put("runs", other.runs());
        shown.put("wanted", other.wanted());
        shown.put("doing", other.doing());
        shown.put("why", other.why());
        return shown;
    }

    private String push(Syncer syncer, JsonNode wish) throws IOException {
        Optional<String> generation = Optional.empty();
        String beginning = wish.path("generation").asText();
        if (!beginning.isEmpty()) {
            List<String> found = syncer.find(beginning.toLowerCase(Locale.ROOT));
            if (found.size() != 1) {
                return noGeneration(beginning, found);
            }
            generation = Optional.of(found.get(0));
        }
        Optional<String> objection = objection(syncer, wish.path("join").asBoolean(), beginning);
        if (objection.isPresent()) {
            return error(Because.UNSAFE, objection.get());
        }
        List<String> only = new ArrayList<>();
        wish.path("only").forEach(node -> only.add(node.asText()));
        Optional<String> unknown = unknown(syncer, only);
        if (unknown.isPresent()) {
            return noNode(unknown.get());
        }
        Optional<Push> begun = syncer.push(new PushWish(
                generation,
                wish.path("force").asBoolean(),
                wish.path("join").asBoolean(),
                only,
                wish.path("soak_seconds").asLong() * 1_000_000_000L,
                false,
                wish.path("note").asText()));
        if (begun.isEmpty()) {
            return error(Because.BUSY, "this node is busy with the configuration just now: mon oconf status");
        }
        pushes.put(++last, begun.get());
        if (pushes.size() > REMEMBERED) {
            pushes.remove(pushes.keySet().iterator().next());
        }
        return json.writeValueAsString(Map.of("id", last));
    }

    String noGeneration(String beginning, List<String> found) {
        return error(
                Because.USAGE,
                found.isEmpty()
                        ? "no generation that is known here begins with '" + beginning
                                + "': mon oconf history lists them"
                        : found.size() + " generations begin with '" + beginning + "', give more digits: "
                                + String.join(", ", found));
    }

    private static Optional<String> objection(Syncer syncer, boolean join, String generation) throws IOException {
        if (syncer.view().nodes().stream().anyMatch(node -> node.role() == NodeRole.MASTER)) {
            return Optional.of("this node has masters: change the configuration there, it comes here by itself");
        }
        if (join && syncer.disputes().isEmpty()) {
            return Optional.of(
                    "there is nothing to resolve: no peer is known to run what does not lead to what this node runs"
                            + (generation.isEmpty()
                                    ? ""
                                    : "; 'mon oconf rollback " + generation + "' has all run that one again"));
        }
        return Optional.empty();
    }

    private static Optional<String> unknown(Syncer syncer, Collection<String> names) {
        List<String> known =
                syncer.view().nodes().stream().map(SyncView.Other::name).toList();
        return names.stream().filter(name -> !known.contains(name)).findFirst();
    }

    private String noNode(String name) {
        return error(Because.USAGE, "there is no node '" + name + "' that this one exchanges its configuration with");
    }

    private String progress(String rest) throws JsonProcessingException {
        String[] numbers = rest.split(" ");
        Push push = numbers[0].matches("\\d{1,9}") ? pushes.get(Integer.parseInt(numbers[0])) : null;
        if (push == null) {
            return error(Because.GONE, "no push has the number " + rest);
        }
        boolean ended = push.stage() == Push.Stage.ENDED; // before its lines: the last of them is there then
        return json.writeValueAsString(new Progress(
                "",
                push.stage().name().toLowerCase(Locale.ROOT),
                ended,
                push.good(),
                push.generation(),
                push.lines(),
                push.fates()));
    }

    private void difference(Syncer syncer, String node, Consumer<String> answer) {
        if (unknown(syncer, List.of(node)).isPresent()) {
            answer.accept(noNode(node));
            return;
        }
        syncer.difference(
                node,
                lines -> answer.accept(write(Map.of("lines", lines))),
                why -> answer.accept(error(Because.GONE, why)));
    }

    private String fetch(Syncer syncer, boolean force) throws JsonProcessingException {
        if (force) {
            return json.writeValueAsString(Map.of("put_aside", syncer.putAside(), "blocked", ""));
        }
        syncer.fetch();
        return json.writeValueAsString(
                Map.of("put_aside", false, "blocked", syncer.keepsOut().orElse("")));
    }

    String error(Because because, String words) {
        return write(Map.of("error", words, "because", because.name().toLowerCase(Locale.ROOT)));
    }
}
