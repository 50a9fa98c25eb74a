package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The embedded scheduler beside a real daemon. What it has kept, at most a second ago, stands for a status file. */
final class RealEmbedded implements RealScheduler {
    /** What its node's merlin.conf must say. */
    static final String SECTION = "scheduler { retention_interval = 1; }\n";

    private final RealNode node;
    private boolean runs;

    RealEmbedded(RealNode node, String objects) throws IOException {
        this.node = node;
        Files.createDirectories(node.state());
        Files.writeString(node.state().resolve("objects.cfg"), objects);
    }

    @Override
    public void start() throws IOException {
        node.startScheduler();
        runs = true;
    }

    @Override
    public void stop() throws InterruptedException {
        if (runs) {
            node.stopScheduler(Duration.ofSeconds(20));
            runs = false;
        }
    }

    @Override
    public void kill() throws InterruptedException {
        node.killScheduler();
        runs = false;
    }

    @Override
    public void reload() throws IOException, InterruptedException {
        long before = node.schedulerSaid("MRL-3002 ");
        node.signalScheduler("HUP");
        RealCluster.until("a reload", () -> node.schedulerSaid("MRL-3002 ") > before);
    }

    @Override
    public void forget() throws IOException {
        Files.delete(node.state().resolve("retention.dat"));
    }

    @Override
    public boolean lives() {
        return runs;
    }

    @Override
    public void command(String command) throws IOException {
        Files.writeString(
                node.state().resolve("command.pipe"),
                "[" + Instant.now().getEpochSecond() + "] " + command + "\n",
                StandardOpenOption.WRITE);
    }

    @Override
    public String log() throws IOException {
        Path log = node.state().resolve("scheduler.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public List<Map<String, String>> blocks(String type) throws IOException {
        Path file = node.state().resolve("retention.dat");
        List<String[]> lines = new ArrayList<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(line -> lines.add(line.split("\t", -1)));
        }
        List<Map<String, String>> blocks = new ArrayList<>();
        for (String[] line : lines) {
            switch (line[0]) {
                case "object" -> add(blocks, type, "status", line[1], () -> status(line, lines));
                case "comment" ->
                    add(blocks, type, "comment", line[3], () -> Map.of("comment_id", line[1], "comment_data", line[6]));
                case "downtime" ->
                    add(
                            blocks,
                            type,
                            "downtime",
                            line[2],
                            () -> Map.of("downtime_id", line[1], "triggered_by", line[10]));
                default -> {}
            }
        }
        if (type.equals("contactstatus") || type.equals("programstatus")) {
            blocks.add(Map.of(
                    "contact_name", "anna",
                    "host_notifications_enabled", set(lines, "CONTACT", "anna", "host_notifications", "1"),
                    "enable_event_handlers", set(lines, "PROGRAM", "", "event_handler", "1"),
                    "service_notifications_enabled", set(lines, "CONTACT", "anna", "service_notifications", "1"),
                    "passive_host_checks_enabled", set(lines, "PROGRAM", "", "passive_host_checks", "1")));
        }
        return blocks;
    }

    private interface Fields {
        Map<String, String> all();
    }

    private static void add(List<Map<String, String>> to, String wanted, String kind, String name, Fields fields) {
        String[] words = name.split(";");
        if (wanted.equals((words.length > 1 ? "service" : "host") + kind)) {
            Map<String, String> block = new HashMap<>(fields.all());
            block.put("host_name", words[0]);
            block.put("service_description", words.length > 1 ? words[1] : "");
            to.add(block);
        }
    }

    private static Map<String, String> status(String[] line, List<String[]> lines) {
        Map<String, String> values = new HashMap<>();
        for (int i = 2; i < line.length; i++) {
            values.put(line[i].substring(0, line[i].indexOf('=')), line[i].substring(line[i].indexOf('=') + 1));
        }
        String name = line[1];
        String subject = name.contains(";") ? "SERVICE" : "HOST";
        String[] notified = values.get("notified").split(",");
        long begun = lines.stream()
                .filter(of -> of[0].equals("downtime") && of[2].equals(name) && !of[12].equals("0"))
                .count();
        boolean acknowledged = lines.stream().anyMatch(of -> of[0].equals("acknowledged") && of[1].equals(name));
        Map<String, String> status = new HashMap<>();
        status.put("current_state", values.get("state"));
        status.put("state_type", values.get("type").equals("HARD") ? "1" : "0");
        status.put("current_attempt", values.get("attempt"));
        status.put("plugin_output", values.get("text"));
        status.put("long_plugin_output", values.get("long"));
        status.put("performance_data", values.get("perf"));
        status.put("current_notification_number", notified[0]);
        status.put("last_notification", Long.toString(Long.parseLong(notified[1]) / 1_000_000));
        status.put("problem_has_been_acknowledged", acknowledged ? "1" : "0");
        status.put("scheduled_downtime_depth", Long.toString(begun));
        status.put("active_checks_enabled", values.get("active").equals("false") ? "0" : "1");
        status.put("event_handler_enabled", set(lines, subject, name, "event_handler", "1"));
        status.put("passive_checks_enabled", set(lines, subject, name, "passive_checks", "1"));
        status.put("notifications_enabled", set(lines, subject, name, "notifications", "1"));
        status.put("flap_detection_enabled", set(lines, subject, name, "flap_detection", "1"));
        status.put("check_interval", set(lines, subject, name, "check_interval", "0.05"));
        return status;
    }

    private static String set(List<String[]> lines, String subject, String name, String attribute, String otherwise) {
        String[] words = (name + ";").split(";", -1);
        return lines.stream()
                .filter(of -> of[0].equals("set")
                        && of[1].equals(subject)
                        && of[2].equals(words[0])
                        && of[3].equals(words[1])
                        && of[4].equals(attribute))
                .map(of -> of[5])
                .reduce(otherwise, (before, after) -> after);
    }
}
