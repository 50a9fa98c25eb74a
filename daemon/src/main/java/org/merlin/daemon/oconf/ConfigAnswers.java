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

/** Answers the command line about the object configuration, in JSON of stable, snake case keys. Any thread. */
public final class ConfigAnswers {
    private static final int REMEMBERED = 20;

    private final ObjectMapper json = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
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
            answer.accept(error("this node takes no part in the sync of the object configuration: set oconf_dir in its"
                    + " merlin.conf, and restart merlind"));
            return;
        }
        String[] words = question.split(" ", 2);
        if (words[0].equals("oconf-plan")) {
            keeper.get().ask(syncer -> plan(syncer, words.length == 2 ? words[1] : "", answer));
            return;
        }
        keeper.get().ask(syncer -> answer.accept(answer(syncer, words[0], words.length == 2 ? words[1] : "")));
    }

    private String answer(Syncer syncer, String word, String rest) {
        try {
            return switch (word) {
                case "oconf-status" -> json.writeValueAsString(status(syncer.view()));
                case "oconf-history" -> json.writeValueAsString(Map.of("generations", syncer.history()));
                case "oconf-push" -> push(syncer, json.readTree(rest));
                case "oconf-diff" -> json.writeValueAsString(Map.of("lines", syncer.difference(rest)));
                case "oconf-progress" -> progress(rest);
                case "oconf-fetch" -> fetch(syncer, rest.equals("force"));
                default -> error("unknown question: " + word);
            };
        } catch (IOException | UncheckedIOException e) {
            return error(String.valueOf(e.getMessage()));
        }
    }

    private void plan(Syncer syncer, String names, Consumer<String> answer) {
        try {
            Set<String> only = names.isBlank() ? Set.of() : new TreeSet<>(List.of(names.split(" ")));
            Optional<String> unknown = unknown(syncer, only);
            if (unknown.isPresent()) {
                answer.accept(error(noNode(unknown.get())));
            } else if (!syncer.plan(only, plan -> answer.accept(write(plan)))) {
                answer.accept(error("this node is busy with the configuration just now: mon oconf status"));
            }
        } catch (IOException e) {
            answer.accept(error(String.valueOf(e.getMessage())));
        }
    }

    private String write(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + view, e);
        }
    }

    private static Map<String, Object> status(SyncView view) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("runs", view.runs().orElse(null));
        status.put("folder", view.folder());
        status.put("edited", view.edited());
        status.put("doing", view.doing());
        status.put("refused_tree", view.refused().getKey());
        status.put("refused_why", view.refused().getValue());
        status.put("nodes", view.nodes());
        return status;
    }

    private String push(Syncer syncer, JsonNode wish) throws IOException {
        Optional<String> generation = Optional.empty();
        String beginning = wish.path("generation").asText();
        if (!beginning.isEmpty()) {
            generation = syncer.find(beginning.toLowerCase(Locale.ROOT));
            if (generation.isEmpty()) {
                return error("there is no generation " + beginning
                        + " here, or more than one begins so: mon oconf history lists them");
            }
        }
        List<String> only = new ArrayList<>();
        wish.path("only").forEach(node -> only.add(node.asText()));
        Optional<String> unknown = unknown(syncer, only);
        if (unknown.isPresent()) {
            return error(noNode(unknown.get()));
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
            return error("this node is busy with the configuration just now: mon oconf status");
        }
        pushes.put(++last, begun.get());
        if (pushes.size() > REMEMBERED) {
            pushes.remove(pushes.keySet().iterator().next());
        }
        return json.writeValueAsString(Map.of("id", last));
    }

    private static Optional<String> unknown(Syncer syncer, Collection<String> names) {
        List<String> known =
                syncer.view().nodes().stream().map(SyncView.Other::name).toList();
        return names.stream().filter(name -> !known.contains(name)).findFirst();
    }

    private static String noNode(String name) {
        return "there is no node '" + name + "' that this one could push to";
    }

    private String progress(String rest) throws JsonProcessingException {
        String[] numbers = rest.split(" ");
        Push push = numbers[0].matches("\\d{1,9}") ? pushes.get(Integer.parseInt(numbers[0])) : null;
        if (push == null) {
            return error("no push has the number " + rest);
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

    private String fetch(Syncer syncer, boolean force) throws JsonProcessingException {
        if (force) {
            return json.writeValueAsString(Map.of("put_aside", syncer.putAside(), "blocked", ""));
        }
        syncer.fetch();
        return json.writeValueAsString(
                Map.of("put_aside", false, "blocked", syncer.keepsOut().orElse("")));
    }

    private String error(String words) {
        return write(Map.of("error", words));
    }
}
