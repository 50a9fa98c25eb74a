package org.merlin.daemon.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.merlin.protocol.conf.MerlinConf;
import org.merlin.protocol.conf.MerlinConfReader;

/**
 * Installs the module into one scheduler, or uninstalls it. Everything is checked before the first byte is written, and all that is
 * wrong is told at once. The scheduler is never restarted. One thread; for one use.
 */
public final class Installation {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int UNSAFE = 75;
    private static final int BAD_CONFIG = 78;

    private final Request request;
    private final Path file;
    private final Path library;
    private final List<String> badConfig = new ArrayList<>();
    private final List<String> unsafe = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private String backup = "";

    /**
     * What is asked for.
     *
     * @param config main configuration of the scheduler; where its package has it if empty
     * @param moduleFolder of merlin.so
     * @param environment of this command
     * @param javaDefaults where distributions have their JVM
     */
    public record Request(
            SchedulerKind scheduler,
            Optional<Path> config,
            Path moduleFolder,
            Path merlinConf,
            boolean dryRun,
            Map<String, String> environment,
            List<Path> javaDefaults) {
        public Request {
            environment = Map.copyOf(environment);
            javaDefaults = List.copyOf(javaDefaults);
        }
    }

    public Installation(Request request) {
        this.request = request;
        this.file = request.config()
                .orElse(request.scheduler().configuration())
                .toAbsolutePath()
                .normalize();
        this.library =
                ModuleFolder.library(request.moduleFolder().toAbsolutePath().normalize());
    }

    /** Makes the scheduler load the module at its next start. */
    public InstallReport install() throws IOException, InterruptedException {
        Path merlinConf = request.merlinConf().toAbsolutePath().normalize();
        Optional<MainConfig> config = config();
        Optional<MerlinConf> conf = merlinConf(merlinConf);
        for (Path path : List.of(library, merlinConf)) {
            if (path.toString().matches(".*\\s.*")) {
                badConfig.add("'" + path + "': the scheduler would take the blank for the path's end; move it");
            }
        }
        checkModule();
        Optional<Path> java = java(conf);
        if (config.isPresent()) {
            refuseOthers(config.get(), merlinConf);
            checkRights(user(config.get()), merlinConf, conf, java);
            warn(config.get());
        }
        if (config.isEmpty() || !problems().isEmpty()) {
            return report("install", new Edits(List.of("")), List.of());
        }
        ModuleLines lines = new ModuleLines(config.get(), Optional.of(library));
        if (lines.elsewhere().isEmpty()) {
            lines.install(library, merlinConf);
        }
        List<String> done = new ArrayList<>(lines.sentences());
        archive(java.orElseThrow()).ifPresent(done::add);
        return change("install", config.get(), lines, done);
    }

    /** Makes the scheduler load it no longer, from its next start on. */
    public InstallReport uninstall() throws IOException {
        Optional<MainConfig> config = config();
        if (config.isEmpty()) {
            return report("uninstall", new Edits(List.of("")), List.of());
        }
        ModuleLines lines = new ModuleLines(config.get(), Optional.of(library));
        lines.uninstall();
        lines.elsewhere()
                .forEach(setting ->
                        warnings.add(setting.place() + " still loads the module: take out that line by hand"));
        List<String> done = new ArrayList<>(lines.sentences());
        Path archive = ClassArchive.in(library.getParent());
        if (Files.exists(archive)) {
            done.add("deletes " + archive);
            if (!request.dryRun()) {
                Files.delete(archive);
            }
        }
        return change("uninstall", config.get(), lines, done);
    }

    /** With it the scheduler starts sooner; without it just as well. */
    private Optional<String> archive(Path java) throws IOException, InterruptedException {
        Path folder = library.getParent();
        if (!request.dryRun()) {
            Optional<String> why = ClassArchive.make(java, folder);
            if (why.isPresent()) {
                warnings.add("no archive of classes could be made, so that the scheduler starts some 40 ms later: "
                        + why.get());
                return Optional.empty();
            }
        }
        return Optional.of("makes " + ClassArchive.in(folder) + ", the classes of the module for the Java of " + java);
    }

    private InstallReport change(String action, MainConfig config, ModuleLines lines, List<String> done)
            throws IOException {
        List<String> fresh = lines.edits().applied();
        if (!request.dryRun() && !fresh.equals(config.lines())) {
            if (ConfigFile.keepCopy(file) || Files.exists(ConfigFile.backup(file))) {
                backup = ConfigFile.backup(file).toString();
            }
            ConfigFile.replace(file, new MainConfig(file, fresh).text());
        }
        return report(action, lines.edits(), done);
    }

    private List<String> problems() {
        return Stream.of(badConfig, unsafe, failures).flatMap(List::stream).toList();
    }

    private InstallReport report(String action, Edits edits, List<String> sentences) {
        int status = !badConfig.isEmpty() ? BAD_CONFIG : !unsafe.isEmpty() ? UNSAFE : !failures.isEmpty() ? FAILED : OK;
        List<LineChange> changes = edits.changes();
        return new InstallReport(
                action,
                status,
                request.scheduler().word(),
                file.toString(),
                library.toString(),
                request.merlinConf().toAbsolutePath().normalize().toString(),
                request.dryRun(),
                !changes.isEmpty(),
                changes,
                sentences,
                problems(),
                warnings,
                backup,
                changes.isEmpty() ? List.of() : request.scheduler().checkAndRestart(file));
    }

    /* --- what is looked at first --- */

    private Optional<MainConfig> config() throws IOException {
        Optional<String> obstacle = ConfigFile.obstacle(file);
        obstacle.ifPresent(badConfig::add);
        return obstacle.isPresent() ? Optional.empty() : Optional.of(MainConfig.read(file));
    }

    private Optional<MerlinConf> merlinConf(Path path) {
        MerlinConfReader.Report read = MerlinConfReader.read(path);
        if (read.conf().isEmpty()) {
            read.problems().forEach(problem -> badConfig.add(problem.toString()));
        }
        return read.conf();
    }

    private void checkModule() {
        if (!Files.exists(library)) {
            failures.add(
                    library + " is not there: install Merlin's package, or build the clone with gcc and a JDK that has"
                            + " jni.h; --module-dir names another folder");
        } else if (!ModuleLines.hasOurJars(library.getParent())) {
            failures.add("beside " + library + " there are no jars of the module: it needs all of them in its folder");
        }
    }

    private Optional<Path> java(Optional<MerlinConf> conf) {
        Optional<Path> named = conf.flatMap(of -> of.module().javaHome());
        if (named.isPresent() && !Files.isReadable(JvmSearch.library(named.get()))) {
            failures.add("java_home in merlin.conf, " + named.get()
                    + ", has no lib/server/libjvm.so: the module tries no other");
            return Optional.empty();
        }
        Optional<Path> service = named.or(() -> JvmSearch.home(JvmSearch.SERVICE, request.javaDefaults()));
        Optional<Path> home = service.or(() -> JvmSearch.home(request.environment(), request.javaDefaults()));
        if (home.isEmpty()) {
            failures.add("no Java found for the scheduler: install a JRE " + JvmSearch.OLDEST + " or newer");
            return home;
        }
        String which = "the Java that the scheduler would get, " + home.get() + ",";
        OptionalInt version = JvmSearch.version(home.get());
        if (version.isPresent() && version.getAsInt() < JvmSearch.OLDEST) {
            failures.add(which + " is version " + version.getAsInt() + ": install a JRE " + JvmSearch.OLDEST
                    + " or newer, or set java_home in merlin.conf's section module");
        } else if (service.isEmpty()) {
            warnings.add(which
                    + " was found by a variable of this shell, which a service does not have: set java_home = "
                    + home.get() + " in merlin.conf's section module");
        }
        return home;
    }

    /** Two modules in one scheduler would both tell their peers everything. */
    private void refuseOthers(MainConfig config, Path merlinConf) {
        ModuleLines lines = new ModuleLines(config, Optional.of(library));
        for (MainConfig.Setting other : lines.foreign()) {
            unsafe.add(
                    other.place() + " loads another merlin.so, that of the C original it seems: comment it out first,"
                            + " since with both every check and every mail would be shared out twice");
        }
        for (MainConfig.Setting included : lines.elsewhere()) {
            if (!included.value().equals(library + " " + merlinConf)) {
                unsafe.add(included.place() + " loads the module already, with other values: take out that line first");
            }
        }
    }

    private Optional<SchedulerUser> user(MainConfig config) throws IOException, InterruptedException {
        String ours = request.scheduler().user();
        String name = config.value("nagios_user")
                .or(() -> config.value("naemon_user"))
                .orElse(ours);
        String group = config.value("nagios_group")
                .or(() -> config.value("naemon_group"))
                .orElse(ours);
        Optional<SchedulerUser> user = SchedulerUser.find(name, group);
        if (user.isEmpty()) {
            badConfig.add("there is no user " + name + " or no group " + group + ", whom " + file
                    + " names as the scheduler's");
        }
        return user;
    }

    private void checkRights(
            Optional<SchedulerUser> user, Path merlinConf, Optional<MerlinConf> conf, Optional<Path> java)
            throws IOException {
        if (user.isEmpty()) {
            return;
        }
        List<Path> files = new ArrayList<>(List.of(merlinConf, library));
        java.ifPresent(home -> files.add(JvmSearch.library(home)));
        if (Files.isDirectory(library.getParent())) {
            try (Stream<Path> beside = Files.list(library.getParent())) {
                beside.filter(path -> path.toString().endsWith(".jar")).sorted().forEach(files::add);
            }
        }
        for (Path path : files) {
            if (Files.exists(path)) {
                user.get()
                        .cannotRead(path)
                        .filter(why -> !failures.contains(why))
                        .ifPresent(failures::add);
            }
        }
        if (conf.isPresent()) {
            user.get()
                    .cannotWriteIn(conf.get().stateDir())
                    .filter(why -> !failures.contains(why))
                    .ifPresent(failures::add);
        }
    }

    private void warn(MainConfig config) {
        if (config.value("enable_notifications").equals(Optional.of("0"))) {
            warnings.add(
                    "enable_notifications=0: what is this node's to notify of is notified by nobody; peers rely on it");
        }
        if (config.value("check_external_commands").equals(Optional.of("0"))) {
            warnings.add("check_external_commands=0: passive results and commands cannot be handed in on this node;"
                    + " those that come by other nodes still arrive");
        }
        String retain = config.value("retain_state_information").orElse("not set");
        if (!retain.equals("1")) {
            warnings.add("retain_state_information=1 is missing (it is " + retain
                    + "): at each restart the scheduler forgets"
                    + " all states, and gets again whatever the other nodes' logs hold");
        } else if (config.value("retention_update_interval").equals(Optional.of("0"))) {
            warnings.add(
                    "retention_update_interval=0: states are written down only when the scheduler is stopped; after a"
                            + " crash it begins with those of its last stop, and gets all since then again");
        }
    }
}
