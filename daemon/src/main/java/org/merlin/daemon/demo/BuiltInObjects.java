package org.merlin.daemon.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Objects for a demo without a file: real checks of this machine, by the monitoring plugins where they are installed. */
final class BuiltInObjects {
    private static final List<Path> PLUGIN_FOLDERS = List.of(
            Path.of("/usr/lib/nagios/plugins"),
            Path.of("/usr/lib64/nagios/plugins"),
            Path.of("/usr/lib/monitoring-plugins"));
    private static final int HOSTS_OF_MASTERS = 8;
    private static final int HOSTS_PER_POLLER = 3;

    private final StringBuilder text = new StringBuilder();
    private final Optional<Path> plugins =
            PLUGIN_FOLDERS.stream().filter(Files::isDirectory).findFirst();

    private BuiltInObjects() {}

    /** The text of an object file with one hostgroup {@code pollerN} for each poller. */
    static String text(int pollers) {
        BuiltInObjects objects = new BuiltInObjects();
        objects.commands();
        objects.hostgroup("central", "host", HOSTS_OF_MASTERS);
        for (int poller = 1; poller <= pollers; poller++) {
            objects.hostgroup("poller" + poller, "site" + poller + "-", HOSTS_PER_POLLER);
        }
        return objects.text.toString();
    }

    private void commands() {
        text.append(
                "# Written by mon demo: real checks of this machine, often, so that there is something to see.\n\n");
        command(
                "host-alive",
                plugin(
                        "check_ping",
                        "-H 127.0.0.1 -w 100,20% -c 500,60% -p 1",
                        shell("test -r /proc/uptime && read up rest </proc/uptime && echo \"OK - up $up seconds\"")));
        command(
                "load",
                plugin(
                        "check_load",
                        "-w 50,40,30 -c 90,80,70",
                        shell("read one five rest </proc/loadavg && echo \"OK - load $one, $five|load1=$one\"")));
        command(
                "disk",
                plugin(
                        "check_disk",
                        "-w 5% -c 1% -p /",
                        shell("df -P / | awk \"NR==2 {print \\\"OK - \\\" \\$5 \\\" of / used|used=\\\" \\$5}\"")));
        command(
                "processes",
                plugin(
                        "check_procs",
                        "-w 5000 -c 9000",
                        shell("set -- /proc/[0-9]*\\; echo \"OK - $# processes|processes=$#\"")));
        command(
                "memory",
                shell("awk \"/MemAvailable/ {print \\\"OK - \\\" int(\\$2/1024) \\\" MB available|available=\\\" "
                        + "\\$2 \\\"KB\\\"}\" /proc/meminfo"));
        text.append("define timeperiod {\n\ttimeperiod_name\talways\n");
        for (String day : List.of("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")) {
            text.append('\t').append(day).append("\t00:00-24:00\n");
        }
        text.append("}\n\n");
    }

    private String plugin(String name, String arguments, String otherwise) {
        return plugins.map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .map(path -> path + " " + arguments)
                .orElse(otherwise);
    }

    /** A small shell check; dollar signs are doubled since single ones begin macros. */
    private static String shell(String script) {
        return "/bin/sh -c '" + script.replace("$", "$$") + "'";
    }

    private void command(String name, String line) {
        text.append("define command {\n\tcommand_name\t")
                .append(name)
                .append("\n\tcommand_line\t")
                .append(line)
                .append("\n}\n\n");
    }

    private void hostgroup(String group, String prefix, int hosts) {
        StringBuilder members = new StringBuilder();
        for (int i = 1; i <= hosts; i++) {
            String host = prefix + i;
            members.append(members.isEmpty() ? "" : ",").append(host);
            host(host);
            for (String service : List.of("disk", "load", "memory", "processes")) {
                service(host, service);
            }
        }
        text.append("define hostgroup {\n\thostgroup_name\t")
                .append(group)
                .append("\n\tmembers\t")
                .append(members)
                .append("\n}\n\n");
    }

    private void host(String name) {
        text.append("define host {\n\thost_name\t").append(name).append("\n\taddress\t127.0.0.1\n");
        checked("host-alive");
    }

    private void service(String host, String name) {
        text.append("define service {\n\thost_name\t")
                .append(host)
                .append("\n\tservice_description\t")
                .append(name)
                .append('\n');
        checked(name);
    }

    private void checked(String command) {
        text.append("\tcheck_command\t")
                .append(command)
                .append("\n\tcheck_interval\t0.1\n\tretry_interval\t0.05\n\tmax_check_attempts\t3\n")
                .append("\tcheck_period\talways\n}\n\n");
    }
}
