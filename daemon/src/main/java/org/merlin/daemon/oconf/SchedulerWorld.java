package org.merlin.daemon.oconf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.merlin.confsync.command.HookProcesses;
import org.merlin.confsync.generation.DamagedException;
import org.merlin.confsync.generation.FileTree;
import org.merlin.confsync.generation.ObjectStore;
import org.merlin.confsync.generation.Outcome;
import org.merlin.confsync.generation.SyncEvent;
import org.merlin.confsync.generation.WorkingFolder;
import org.merlin.confsync.generation.World;
import org.merlin.confsync.hooks.HookCommand;
import org.merlin.confsync.hooks.HookResult;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Part;
import org.merlin.confsync.objects.Splitter;
import org.merlin.daemon.cluster.ConfigPort.Run;
import org.merlin.daemon.ops.Journal;
import org.merlin.daemon.ops.LogEvent;
import org.merlin.protocol.conf.CommandWords;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.control.Excerpt;

/** The real scheduler, for the sync: its own check, its reload, its object cache. Confined to the sync's thread, where all answers come. */
final class SchedulerWorld implements World, Reload.Means {
    private static final Duration CHECK_LIMIT = Duration.ofMinutes(2);
    /** What schedulers' checks say at their end. */
    private static final Pattern SUMMARY = Pattern.compile("(?i)total (errors|warnings)|\\*\\*\\*>");

    private static final int COMPLAINT_BYTES = 16 << 10;
    private static final int COMPLAINTS = 5;
    private static final int SHOWN_BYTES = 4_000;

    private final MerlinConf conf;
    private final ObjectStore store;
    private final Set<HookProcesses> running = ConcurrentHashMap.newKeySet();
    private final WorkingFolder working;
    private final Path folder;
    private final Path workplace;
    private final Executor thread;
    private final ConfigKeeper.Sender sender;
    private final Journal journal;
    private final Reload reload;
    private Optional<KnownScheduler> known;
    private long now;
    private Path logOf = Path.of("/dev/null");
    private long logFrom;

    /**
     * Puts it together.
     *
     * @param working the folder of object files
     * @param workplace where to stage what is checked, and to remember how the scheduler was started
     */
    SchedulerWorld(
            MerlinConf conf,
            ObjectStore store,
            WorkingFolder working,
            Path workplace,
            Executor thread,
            ConfigKeeper.Sender sender,
            Journal journal) {
        this.conf = conf;
        this.store = store;
        this.working = working;
        this.folder = working.path();
        this.workplace = workplace;
        this.thread = thread;
        this.sender = sender;
        this.journal = journal;
        this.known = KnownScheduler.read(workplace.resolve("scheduler"));
        this.reload = new Reload(
                conf.oconf().timeout().toNanos(), known.map(KnownScheduler::pid).orElse(0), this);
    }

    void onModule(Optional<Run> run, long nowNanos) {
        now = nowNanos;
        run.filter(present -> present.pid() != 0)
                .flatMap(present ->
                        KnownScheduler.of(present.pid(), present.info().scheduler()))
                .ifPresent(found -> {
                    known = Optional.of(found);
                    try {
                        found.write(workplace.resolve("scheduler"));
                    } catch (IOException e) {
                        say(SyncEvent.TROUBLE, e.toString());
                    }
                });
        reload.onRun(run, nowNanos);
    }

    void onTick(long nowNanos) {
        now = nowNanos;
        reload.onTick(nowNanos);
    }

    boolean reloading() {
        return reload.busy();
    }

    // --- what the sync asks ------------------------------------------------------------------------------------------

    @Override
    public void send(String node, int code, ByteBuffer body) {
        sender.send(node, code, body);
    }

    @Override
    public void check(FileTree tree, Consumer<Outcome> answer) {
        Path staged = workplace.resolve("staged");
        try {
            WorkingFolder.write(tree, store, staged);
            working.copyUnsent(staged); // the scheduler reads that, too
            Map<String, String> environment = new HashMap<>(Map.of(
                    "MERLIN_NODE", conf.nodeName(),
                    "MERLIN_CONF", conf.file().toString(),
                    "MERLIN_OCONF_DIR", staged.toString()));
            Optional<List<String>> words = checkWords(staged, environment);
            if (words.isEmpty()) {
                thread.execute(() -> answer.accept(Outcome.good("not checked: no scheduler has run here yet")));
                return;
            }
            run(words.get(), environment, CHECK_LIMIT, result -> answer.accept(judged(result, staged)));
        } catch (IOException | DamagedException e) {
            thread.execute(() -> answer.accept(Outcome.bad(e.getMessage())));
        }
    }

    private Optional<List<String>> checkWords(Path staged, Map<String, String> environment) throws IOException {
        Optional<Path> main = mainFile();
        if (main.isPresent()) {
            Optional<List<String>> copy = MainFile.read(main.get()).with(folder, staged);
            if (copy.isEmpty()) {
                throw new IOException(main.get() + " does not read " + folder + ": let it say cfg_dir=" + folder
                        + ", on a poller 'mon oconf poller-fix' does that; or set another oconf_dir");
            }
            Path copied = workplace.resolve("staged.cfg");
            Files.write(copied, copy.get(), StandardCharsets.ISO_8859_1);
            environment.put("MERLIN_SCHEDULER_CONFIG", copied.toString());
        }
        if (conf.oconf().check().isPresent()) {
            return Optional.of(expanded(conf.oconf().check().get(), environment));
        }
        if (known.isPresent() && known.get().embedded()) {
            List<String> words = new ArrayList<>(known.get().launcher());
            words.addAll(List.of("--check", "-c", conf.file().toString(), "--objects", stagedObjects(staged)));
            return Optional.of(words);
        }
        return known.isPresent() && main.isPresent()
                ? Optional.of(List.of(known.get().program(), "-v", environment.get("MERLIN_SCHEDULER_CONFIG")))
                : Optional.empty();
    }

    private String stagedObjects(Path staged) {
        Path objects = conf.scheduler().objects();
        return objects.startsWith(conf.oconf().dir())
                ? staged.resolve(conf.oconf().dir().relativize(objects).toString())
                        .toString()
                : staged.toString();
    }

    private static List<String> expanded(String line, Map<String, String> environment) {
        return CommandWords.of(line).orElse(List.of(line)).stream()
                .map(word -> word.startsWith("$") ? environment.getOrDefault(word.substring(1), word) : word)
                .toList();
    }

    private void run(List<String> words, Map<String, String> environment, Duration limit, Consumer<HookResult> done) {
        HookProcesses processes = new HookProcesses(environment, limit, thread);
        running.add(processes);
        processes.run(new HookCommand(String.join(" ", words), words), result -> {
            running.remove(processes);
            done.accept(result);
        });
    }

    /** Ends what runs, with all that it has started. */
    void close() {
        running.forEach(HookProcesses::close);
    }

    private Outcome judged(HookResult result, Path staged) {
        if (result.succeeded()) {
            return Outcome.good("");
        }
        String output = result.output().replace(staged.toString(), folder.toString());
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !SUMMARY.matcher(line).lookingAt())
                .toList();
        List<String> errors =
                lines.stream().filter(line -> line.contains("Error")).toList();
        String words = String.join("\n", errors.isEmpty() ? lines : errors);
        return Outcome.bad(
                words.isEmpty()
                        ? "its check " + result.sentence()
                        : Excerpt.of(words, errors.isEmpty() ? Integer.MAX_VALUE : COMPLAINTS * 2, SHOWN_BYTES));
    }

    @Override
    public boolean schedulerRuns() {
        return reload.runs();
    }

    @Override
    public boolean schedulerHasReadAll() {
        Optional<String> loaded = reload.run().map(run -> run.info().config().sha1());
        try {
            return loaded.isPresent() && loaded.get().equals(source().sha1());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void reload(Consumer<Outcome> answer) {
        reload.begin(answer, now);
    }

    @Override
    public void split(List<List<String>> selections, BiConsumer<List<String>, byte[]> part, Consumer<Outcome> answer) {
        splitOnItsThread(source()::loaded, selections, part, answer);
    }

    private void splitOnItsThread(
            Source source,
            List<List<String>> selections,
            BiConsumer<List<String>, byte[]> part,
            Consumer<Outcome> answer) {
        Thread splitting = new Thread(() -> splitHere(source, selections, part, answer), "merlin-split");
        splitting.setDaemon(true);
        splitting.start();
    }

    @Override
    public void preview(
            FileTree tree,
            List<List<String>> selections,
            BiConsumer<List<String>, byte[]> part,
            Consumer<Outcome> answer) {
        Optional<Path> main = mainFile();
        if (main.isEmpty() || known.isEmpty() || known.get().embedded() || selections.isEmpty()) {
            split(selections, part, answer);
            return;
        }
        Path cache = workplace.resolve("staged.cache");
        try {
            Path staged = workplace.resolve("staged.cfg"); // that the check has just left
            Path precaching = workplace.resolve("precaching.cfg");
            List<String> lines = new ArrayList<>(Files.readAllLines(staged, StandardCharsets.ISO_8859_1));
            lines.removeIf(line -> line.strip().startsWith("precached_object_file"));
            lines.add("precached_object_file=" + cache);
            Files.write(precaching, lines, StandardCharsets.ISO_8859_1);
            List<String> words = List.of(known.get().program(), "-vp", precaching.toString());
            run(words, Map.of(), CHECK_LIMIT, result -> {
                if (result.succeeded()) {
                    splitOnItsThread(() -> ObjectSource.of(main.get(), cache), selections, part, answer);
                } else {
                    answer.accept(Outcome.bad("its objects cannot be written out: it " + result.sentence()));
                }
            });
        } catch (IOException e) {
            thread.execute(() -> answer.accept(Outcome.bad(e.getMessage())));
        }
    }

    /** Reads what is to be cut. */
    @FunctionalInterface
    private interface Source {
        Splitter read() throws IOException, ObjectFile.SyntaxException;
    }

    private void splitHere(
            Source source,
            List<List<String>> selections,
            BiConsumer<List<String>, byte[]> part,
            Consumer<Outcome> answer) {
        try {
            Splitter splitter = source.read();
            overlaps(splitter, selections).forEach(sentence -> say(SyncEvent.TROUBLE, sentence));
            for (List<String> hostgroups : selections) {
                byte[] bytes = bytes(splitter, hostgroups);
                thread.execute(() -> part.accept(hostgroups, bytes));
            }
            thread.execute(() -> answer.accept(Outcome.good("")));
        } catch (IOException | ObjectFile.SyntaxException e) {
            thread.execute(() -> answer.accept(Outcome.bad(e.getMessage())));
        }
    }

    private static List<String> overlaps(Splitter splitter, List<List<String>> selections) {
        Map<String, List<String>> named = new HashMap<>();
        selections.forEach(hostgroups -> named.put("the pollers of " + String.join(",", hostgroups), hostgroups));
        return splitter.overlaps(named);
    }

    private byte[] bytes(Splitter splitter, List<String> hostgroups) {
        Part cut = splitter.part(hostgroups);
        cut.remarks()
                .forEach(remark ->
                        say(SyncEvent.TROUBLE, "for pollers of " + String.join(", ", hostgroups) + " " + remark));
        if (cut.hosts() == 0) {
            return new byte[0];
        }
        ByteBuffer text = cut.bytes();
        byte[] bytes = new byte[text.remaining()];
        text.get(bytes);
        return bytes;
    }

    private ObjectSource source() {
        return new ObjectSource(conf, known);
    }

    private Optional<Path> mainFile() {
        return source().mainFile();
    }

    @Override
    public long seconds() {
        return System.currentTimeMillis() / 1000;
    }

    @Override
    public void say(SyncEvent event, String what) {
        LogEvent as = switch (event) {
            case ACCEPTED -> LogEvent.CONFIG_RUN;
            case REFUSED -> LogEvent.CONFIG_REFUSED;
            case APART -> LogEvent.CONFIG_APART;
            case EDITED -> LogEvent.CONFIG_EDITED;
            case TROUBLE -> LogEvent.CONFIG_TROUBLE;
        };
        if (event == SyncEvent.ACCEPTED) {
            journal.info(as, what);
        } else {
            journal.warnLimited(as, what);
        }
    }

    // --- what a reload does ------------------------------------------------------------------------------------------

    @Override
    public void tell(Run run, Consumer<Outcome> told) {
        if (conf.oconf().reload().isPresent()) {
            Map<String, String> environment = Map.of(
                    "MERLIN_NODE", conf.nodeName(), "MERLIN_CONF", conf.file().toString());
            run(
                    expanded(conf.oconf().reload().get(), environment),
                    environment,
                    conf.oconf().timeout(),
                    result -> told.accept(
                            result.succeeded()
                                    ? Outcome.good("")
                                    : Outcome.bad("oconf_reload " + result.sentence() + ": "
                                            + result.output().strip())));
            return;
        }
        if (run.pid() == 0) {
            thread.execute(() -> told.accept(Outcome.bad("the scheduler's process is not known: set oconf_reload")));
            return;
        }
        List<String> words = List.of("/bin/kill", "-HUP", Integer.toString(run.pid()));
        run(
                words,
                Map.of(),
                Duration.ofSeconds(5),
                result -> told.accept(
                        result.succeeded()
                                ? Outcome.good("")
                                : Outcome.bad("SIGHUP cannot be sent to the scheduler, process " + run.pid() + ": "
                                        + result.output().strip()
                                        + ": let the daemon run as its user, or set oconf_reload")));
    }

    @Override
    public Optional<String> start() {
        if (known.isEmpty()) {
            return Optional.of("it is not known how it was started");
        }
        KnownScheduler how = known.get();
        List<String> words = new ArrayList<>(List.of("/usr/bin/setsid"));
        words.addAll(how.words());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(Path.of(how.folder()).toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(workplace.resolve("scheduler.out").toFile());
        builder.environment().put("MERLIN_NODE", conf.nodeName());
        try {
            builder.start();
            say(SyncEvent.TROUBLE, "the scheduler was gone, and was started again: " + String.join(" ", how.words()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot be started: " + e.getMessage());
        }
    }

    @Override
    public boolean isAlive(int pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
                && KnownScheduler.of(pid, "")
                        .filter(now -> known.map(KnownScheduler::words)
                                .orElse(now.words())
                                .equals(now.words()))
                        .isPresent(); // its number may be another's by now
    }

    @Override
    public boolean byCommand() {
        return conf.oconf().reload().isPresent();
    }

    @Override
    public void mark() {
        try {
            Optional<Path> main = mainFile();
            logOf = main.isPresent()
                    ? MainFile.read(main.get()).path("log_file").orElse(logOf)
                    : conf.scheduler().log();
            logFrom = Files.size(logOf);
        } catch (IOException e) {
            logFrom = 0;
        }
    }

    @Override
    public String complaints() {
        try (RandomAccessFile file = new RandomAccessFile(logOf.toFile(), "r")) {
            long from = Math.max(logFrom > file.length() ? 0 : logFrom, file.length() - COMPLAINT_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            String complaints = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("rror"))
                    .collect(Collectors.joining("\n"));
            return Excerpt.of(complaints, COMPLAINTS, SHOWN_BYTES);
        } catch (IOException e) {
            return "";
        }
    }
}
