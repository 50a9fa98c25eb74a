package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Objects whose check commands append node, host, service and time to one file: who ran what and when, told by nobody but the
 * commands themselves.
 *
 * @param file the proof
 * @param siteHosts how many of the hosts, h0 on, are in the hostgroup poller1
 */
record Proof(Path file, int hosts, int siteHosts, int services, long intervalMillis) {
    /** One line of the proof; {@code object} is {@code host} or {@code host;service}. */
    record Ran(String node, String object, long millis) {}

    /** The object file of all nodes; the demo cuts out what a poller has. */
    String objects() {
        StringBuilder text =
                new StringBuilder(command("note-host", "")).append(command("note-service", "$SERVICEDESC$"));
        StringBuilder site = new StringBuilder();
        for (int host = 0; host < hosts; host++) {
            text.append("define host {\n host_name h").append(host).append(checked("note-host"));
            if (host < siteHosts) {
                site.append(host == 0 ? "" : ",").append('h').append(host);
            }
            for (int service = 0; service < services; service++) {
                text.append("define service {\n host_name h").append(host);
                text.append("\n service_description s").append(service).append(checked("note-service"));
            }
        }
        text.append("define hostgroup {\n hostgroup_name poller1\n members ").append(site);
        return text.append("\n}\n").toString();
    }

    private String command(String name, String service) {
        return "define command {\n command_name " + name + "\n command_line echo $$MERLIN_NODE '$HOSTNAME$' '" + service
                + "' $$(date +%s%3N) >>" + file + " && echo OK\n}\n";
    }

    private String checked(String command) {
        double minutes = intervalMillis / 60_000.0;
        return "\n check_command " + command + "\n check_interval " + minutes + "\n retry_interval " + minutes
                + "\n max_check_attempts 3\n}\n";
    }

    /** What ran, by object, each in the order of time. */
    Map<String, List<Ran>> runs() throws IOException {
        Map<String, List<Ran>> runs = new TreeMap<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            String[] words = line.split(" ");
            String object = words[2].isEmpty() ? words[1] : words[1] + ";" + words[2];
            runs.computeIfAbsent(object, any -> new ArrayList<>())
                    .add(new Ran(words[0], object, Long.parseLong(words[3])));
        }
        runs.values().forEach(list -> list.sort(Comparator.comparingLong(Ran::millis)));
        return runs;
    }

    /** When the last of them began. */
    static long end(Map<String, List<Ran>> runs) {
        return runs.values().stream()
                .flatMap(List::stream)
                .mapToLong(Ran::millis)
                .max()
                .orElseThrow();
    }

    /** By object, the nodes that ran it after a time. */
    static Map<String, Set<String>> runners(Map<String, List<Ran>> runs, long afterMillis) {
        Map<String, Set<String>> runners = new TreeMap<>();
        runs.forEach((object, list) -> list.stream()
                .filter(ran -> ran.millis() > afterMillis)
                .forEach(ran ->
                        runners.computeIfAbsent(object, any -> new HashSet<>()).add(ran.node())));
        return runners;
    }

    /** How many checks a node ran. */
    static long ranBy(Map<String, List<Ran>> runs, String node) {
        return runs.values().stream()
                .flatMap(List::stream)
                .filter(ran -> ran.node().equals(node))
                .count();
    }
}
