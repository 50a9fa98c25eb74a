package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a node's processes have used since they were started: CPU seconds, and MB that are resident. */
record Cost(double daemonCpu, double schedulerCpu, double checksCpu, long daemonMb, long schedulerMb) {
    private static final int OWN = 11;
    private static final int CHILDREN = 13;

    static Cost of(RealNode node) throws IOException {
        return new Cost(
                cpu(node.daemonPid(), OWN),
                cpu(node.schedulerPid(), OWN),
                cpu(node.schedulerPid(), CHILDREN),
                residentMb(node.daemonPid()),
                residentMb(node.schedulerPid()));
    }

    /** User and system time, from two fields of stat behind the name in brackets. */
    private static double cpu(long pid, int field) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / 100.0;
    }

    private static long residentMb(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    /** What was used from then to now, in words. */
    String since(Cost before) {
        return String.format(
                Locale.ROOT,
                "CPU daemon %.2f s, scheduler %.2f s, checks %.2f s; resident daemon %d MB, scheduler %d MB",
                daemonCpu - before.daemonCpu,
                schedulerCpu - before.schedulerCpu,
                checksCpu - before.checksCpu,
                daemonMb,
                schedulerMb);
    }
}
