package org.merlin.daemon.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merlin.confsync.objects.ObjectBlock;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.daemon.install.ModuleFolder;
import org.merlin.daemon.install.SchedulerKind;

/**
 * A Nagios or Naemon with the module in it, in the foreground, with files of its own below the node's folder. A few words before each
 * check's command line note the run; what it knew at its end stands in its retention file and the module's.
 */
final class BrokerScheduler implements DemoScheduler {
    /** Fields of the retention file in which nodes must agree. */
    private static final Set<String> SHARED = Set.of(
            "has_been_checked",
            "current_state",
            "state_type",
            "current_attempt",
            "plugin_output",
            "long_plugin_output",
            "performance_data",
            "last_check");

    private final SchedulerKind kind;
    private final Path library;

    BrokerScheduler(SchedulerKind kind, Path bin) {
        this.kind = kind;
        this.library = ModuleFolder.library(ModuleFolder.beside(bin));
    }

    @Override
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (kind.program().isEmpty()) {
            missing.add("there is no " + kind + " here: apt-get install " + kind.packageName());
        }
        if (!Files.exists(library)) {
            missing.add(library + " is not there: apt-get install gcc and a JDK with jni.h, and build the clone anew");
        }
        return missing;
    }

    @Override
    public ObjectFile prepare(ObjectFile objects, Path demoFolder) throws IOException {
        Path note = Files.writeString(demoFolder.resolve("note"), """
                #!/bin/sh
                # Written by mon demo: notes that a check starts, in the run log of the node whose scheduler runs it.
                # Where there is no service, Nagios leaves the name of the macro as it is.
                now=$(date +%%s%%3N)
                case "$2" in '' | *SERVICEDESC*) object=$1 ;; *) object="$1;$2" ;; esac
                printf '%%s\t%%s\t%%s\t%%s\n' "$now" "$now" "$MERLIN_NODE" "$object" >>"%s/$MERLIN_NODE/state/run.log"
                """.formatted(demoFolder));
        if (!note.toFile().setExecutable(true) || demoFolder.toString().matches(".*[\\s'\"$].*")) {
            throw new IOException(
                    demoFolder + ": the scheduler takes no blanks or quotes in names of files, and needs a"
                            + " folder whose files may be run");
        }
        Set<String> ofChecks = checkCommands(objects);
        return new ObjectFile(objects.blocks().stream()
                .map(block -> switch (block.type()) {
                    case "timeperiod" -> with(block, "alias", block.get("timeperiod_name"));
                    case "command" -> ofChecks.contains(block.get("command_name")) ? noting(block, note) : block;
                    default -> block;
                })
                .toList());
    }

    private static Set<String> checkCommands(ObjectFile objects) {
        Set<String> names = new HashSet<>();
        for (ObjectBlock block : objects.blocks()) {
            if (block.type().equals("host") || block.type().equals("service")) {
                names.add(block.get("check_command").split("!", 2)[0]);
            }
        }
        return names;
    }

    private static ObjectBlock noting(ObjectBlock command, Path note) {
        Map<String, String> attributes = new LinkedHashMap<>(command.attributes());
        attributes.put("command_line", note + " '$HOSTNAME$' '$SERVICEDESC$' && " + command.get("command_line"));
        return new ObjectBlock(command.line(), command.type(), attributes);
    }

    private static ObjectBlock with(ObjectBlock block, String attribute, String value) {
        Map<String, String> attributes = new LinkedHashMap<>(block.attributes());
        attributes.putIfAbsent(attribute, value);
        return new ObjectBlock(block.line(), block.type(), attributes);
    }

    @Override
    public void configure(DemoNode node) throws IOException {
        Path var = Files.createDirectories(var(node));
        Files.createDirectories(var.resolve("spool"));
        Files.writeString(
                main(node), """
                # Written by mon demo.
                log_file=%1$s/scheduler.log
                use_syslog=0
                cfg_file=%1$s/objects.cfg
                %5$s
                object_cache_file=%2$s/objects.cache
                status_file=%2$s/status.dat
                status_update_interval=1
                state_retention_file=%2$s/retention.dat
                retain_state_information=1
                retention_update_interval=1
                temp_file=%2$s/tmp
                temp_path=%2$s
                check_result_path=%2$s/spool
                command_file=%2$s/command.pipe
                check_external_commands=1
                cached_host_check_horizon=0
                cached_service_check_horizon=0
                lock_file=%2$s/pid
                query_socket=%2$s/qh
                illegal_macro_output_chars=`~$&|'"<>
                event_broker_options=-1
                broker_module=%3$s %4$s
                """.formatted(node.folder(), var, library, node.conf(), contacts(node)) + ofNagios(node));
    }

    /** Without a contact the scheduler does not start: a file with one whom nothing is sent to, if the objects have none. */
    private static String contacts(DemoNode node) throws IOException {
        if (Files.readString(node.folder().resolve("objects.cfg")).contains("define contact {")) {
            return "";
        }
        Path file = Files.writeString(node.folder().resolve("contacts.cfg"), """
                # Written by mon demo.
                define command {
                  command_name merlin-demo-nothing
                  command_line /bin/true
                }
                define contact {
                  contact_name merlin-demo-nobody
                  host_notifications_enabled 0
                  service_notifications_enabled 0
                  host_notification_commands merlin-demo-nothing
                  service_notification_commands merlin-demo-nothing
                }
                """);
        return "cfg_file=" + file;
    }

    /** Settings that Naemon does not know. Started by an ordinary user Nagios stays that user, started by root it asks. */
    private String ofNagios(DemoNode node) throws IOException {
        if (kind != SchedulerKind.NAGIOS4) {
            return "";
        }
        PosixFileAttributes mine = Files.readAttributes(node.folder(), PosixFileAttributes.class);
        return "check_for_updates=0\nnagios_user=" + mine.owner().getName() + "\nnagios_group="
                + mine.group().getName() + "\n";
    }

    private static Path var(DemoNode node) {
        return node.folder().resolve("var");
    }

    private static Path main(DemoNode node) {
        return node.folder().resolve("scheduler.cfg");
    }

    @Override
    public List<String> command(DemoNode node) {
        List<String> command =
                new ArrayList<>(List.of(kind.program().orElseThrow().toString()));
        if (kind == SchedulerKind.NAEMON && System.getProperty("user.name").equals("root")) {
            command.add("--allow-root");
        }
        command.add(main(node).toString());
        return command;
    }

    @Override
    public Path commandPipe(DemoNode node) {
        return var(node).resolve("command.pipe");
    }

    /** Its times are whole seconds. */
    @Override
    public long slackMillis() {
        return 1_000;
    }

    @Override
    public Retained retained(DemoNode node) throws IOException {
        Map<String, Mark> applied = new HashMap<>();
        List<Long> counts = List.of();
        Path memory = node.state().resolve("module.memory");
        for (String line : Files.readAllLines(memory)) {
            String[] fields = line.split("\t", -1);
            if (fields[0].equals("applied")) {
                applied.put(fields[1] + "/" + fields[2], Mark.of(fields));
            } else if (fields[0].equals("counts")) {
                counts = Arrays.stream(fields).skip(1).map(Long::valueOf).toList();
            }
        }
        if (counts.isEmpty()) {
            throw new IOException(memory + " holds no counts");
        }
        return new Retained(
                objects(Files.readAllLines(var(node).resolve("retention.dat"), StandardCharsets.ISO_8859_1)),
                applied,
                counts);
    }

    /** Hosts and services of a retention file. */
    static Map<String, String> objects(List<String> lines) {
        Map<String, String> objects = new HashMap<>();
        Map<String, String> block = new LinkedHashMap<>();
        String type = "";
        for (String line : lines) {
            if (line.endsWith(" {")) {
                type = line.substring(0, line.length() - 2);
                block.clear();
            } else if (line.equals("}")) {
                if (type.equals("host") || type.equals("service")) {
                    put(objects, block);
                }
            } else {
                String[] words = line.split("=", 2);
                block.put(words[0], words.length == 2 ? words[1] : "");
            }
        }
        return objects;
    }

    private static void put(Map<String, String> objects, Map<String, String> block) {
        String service = block.getOrDefault("service_description", "");
        String name = block.getOrDefault("host_name", "") + (service.isEmpty() ? "" : ";" + service);
        List<String> shared = new ArrayList<>();
        block.forEach((key, value) -> {
            if (SHARED.contains(key)) {
                shared.add(key + "=" + value);
            }
        });
        objects.put(name, String.join("\t", shared));
    }
}
