package org.merlin.confsync.objects;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.merlin.confsync.objects.ObjectFile.SyntaxException;

/** Prints what splitting takes here; arguments: hosts, services for each, pollers. */
final class SplitMeasure {
    private static final int ROUNDS = 3;

    /** All that the scheduler's cache says about every host and service. */
    private static final String USUAL = """
            	check_period	always
            	contact_groups	admins,team%2$d
            	notification_period	always
            	initial_state	o
            	importance	0
            	check_interval	5.000000
            	retry_interval	1.000000
            	max_check_attempts	3
            	active_checks_enabled	1
            	passive_checks_enabled	1
            	obsess	1
            	event_handler_enabled	1
            	low_flap_threshold	0.000000
            	high_flap_threshold	0.000000
            	flap_detection_enabled	1
            	flap_detection_options	a
            	freshness_threshold	0
            	check_freshness	0
            	notification_options	a
            	notifications_enabled	1
            	notification_interval	30.000000
            	first_notification_delay	0.000000
            	stalking_options	n
            	process_perf_data	1
            	action_url	https://graphs.example.org/%1$s
            	retain_status_information	1
            	retain_nonstatus_information	1
            	_ID	%1$s
            	}

            """;

    private SplitMeasure() {}

    public static void main(String[] arguments) throws IOException, SyntaxException {
        int hosts = Integer.parseInt(arguments[0]);
        int services = Integer.parseInt(arguments[1]);
        int pollers = Integer.parseInt(arguments[2]);
        Path file = Files.createTempFile("merlin-split", ".cache");
        try {
            write(file, hosts, services, pollers);
            System.out.printf("source: %d MB%n", Files.size(file) / 1_000_000);
            for (int round = 0; round < ROUNDS; round++) {
                run(file, pollers);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void write(Path file, int hosts, int services, int pollers) throws IOException {
        try (PrintStream out = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
            out.print("# NAGIOS OBJECT CACHE FILE\n");
            out.print("define timeperiod {\n\ttimeperiod_name\talways\n\tmonday\t00:00-24:00\n\t}\n");
            out.print("define command {\n\tcommand_name\tcheck\n\tcommand_line\tcheck $ARG1$; true\n\t}\n");
            out.print("define contact {\n\tcontact_name\tanna\n\thost_notification_commands\tcheck\n\t}\n");
            out.print("define contactgroup {\n\tcontactgroup_name\tadmins\n\tmembers\tanna\n\t}\n");
            for (int poller = 0; poller < pollers; poller++) {
                int own = poller;
                out.printf("define contactgroup {\n\tcontactgroup_name\tteam%d\n\tmembers\tanna\n\t}\n", poller);
                out.printf(
                        "define hostgroup {\n\thostgroup_name\tsite%d\n\tmembers\t%s\n\t}\n",
                        poller,
                        IntStream.range(0, hosts)
                                .filter(host -> host % pollers == own)
                                .mapToObj(host -> "host" + host)
                                .collect(Collectors.joining(",")));
            }
            out.printf(
                    "define servicegroup {\n\tservicegroup_name\tall\n\tmembers\t%s\n\t}\n",
                    IntStream.range(0, hosts)
                            .mapToObj(host -> "host" + host + ",service 0")
                            .collect(Collectors.joining(",")));
            for (int host = 0; host < hosts; host++) {
                out.printf(
                        "define host {\n\thost_name\thost%1$d\n\taddress\t10.0.%2$d.%3$d\n\tparents\thost%4$d\n",
                        host, host / 256, host % 256, host / 2);
                out.printf("\tcheck_command\tcheck!%d\n", host);
                out.printf(USUAL, "host" + host, host % pollers);
                for (int service = 0; service < services; service++) {
                    out.printf(
                            "define service {\n\thost_name\thost%d\n\tservice_description\tservice %d\n",
                            host, service);
                    out.printf("\tcheck_command\tcheck!%d!%d\n", host, service);
                    out.printf(USUAL, "host" + host, host % pollers);
                }
            }
        }
    }

    private static void run(Path file, int pollers) throws IOException, SyntaxException {
        long before = used();
        long start = cpuNanos();
        Splitter splitter;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            splitter = Splitter.read("objects.cache", in, List.of());
        }
        long read = cpuNanos();
        List<Part> parts = new ArrayList<>();
        for (int poller = 0; poller < pollers; poller++) {
            parts.add(splitter.part(List.of("site" + poller)));
        }
        long hashed = cpuNanos();
        long bytes = 0;
        for (Part part : parts) {
            part.writeTo(OutputStream.nullOutputStream());
            bytes += part.bytes().remaining();
        }
        long written = cpuNanos();
        System.out.printf(
                "CPU: read %.2f s; %d parts with %d services each cut and hashed %.2f s; written twice, %d MB in all, %.2f s%n",
                (read - start) / 1e9,
                pollers,
                parts.get(0).services(),
                (hashed - read) / 1e9,
                bytes / 1_000_000,
                (written - hashed) / 1e9);
        System.out.printf("held in memory: %d MB%n", (used() - before) / 1_000_000);
        if (parts.get(0).hosts() != splitter.part(List.of("site0")).hosts()) {
            throw new IllegalStateException("a part changed");
        }
    }

    /** Of this thread: other work on the machine does not count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
