package org.merlin.daemon.net;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Where a service is offered: an SRV record, RFC 2782.
 *
 * @param priority the lowest is tried first
 * @param weight how often it is first among those of its priority
 * @param target host name; empty says that the service is not offered
 */
record ServiceRecord(int priority, int weight, int port, String target) {
    /** How many of an answer are read, at most. */
    static final int MAX_RECORDS = 16;

    private static final Pattern SERVICE = Pattern.compile("_[^.]+\\._[^.]+\\..+");

    /** Whether a name is that of a service, {@code _service._proto.domain}: then it has no addresses of its own. */
    static boolean named(String name) {
        return SERVICE.matcher(name).matches();
    }

    /**
     * The addresses of all hosts that offer a service, in the order in which they are to be tried. Hosts without an address are left out.
     *
     * @param server whom the records are from, for people
     */
    static CompletableFuture<List<InetSocketAddress>> addresses(
            String server, String service, List<ServiceRecord> records, Search search, Random random) {
        List<ServiceRecord> offered = records.stream()
                .filter(record -> !record.target().isEmpty() && record.port() > 0)
                .toList();
        if (offered.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new UnknownHostException(server + " says that " + service + " is offered nowhere"));
        }
        List<CompletableFuture<List<InetSocketAddress>>> hosts =
                ordered(offered, random).stream().map(search::host).toList();
        return CompletableFuture.allOf(hosts.toArray(CompletableFuture<?>[]::new))
                .handle((done, failure) -> hosts.stream()
                        .filter(host -> !host.isCompletedExceptionally())
                        .flatMap(host -> host.join().stream())
                        .distinct()
                        .toList())
                .thenCompose(found -> found.isEmpty() ? hosts.get(0) : CompletableFuture.completedFuture(found));
    }

    /** By priority; within one by chance, as the weights have it. */
    static List<ServiceRecord> ordered(List<ServiceRecord> records, Random random) {
        List<ServiceRecord> left = new ArrayList<>(records);
        left.sort(Comparator.comparingInt(ServiceRecord::priority).thenComparingInt(ServiceRecord::weight));
        List<ServiceRecord> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            int priority = left.get(0).priority();
            List<ServiceRecord> equals = left.stream()
                    .filter(record -> record.priority() == priority)
                    .toList();
            ServiceRecord next = drawn(equals, random);
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private static ServiceRecord drawn(List<ServiceRecord> equals, Random random) {
        int mark =
                random.nextInt(equals.stream().mapToInt(ServiceRecord::weight).sum() + 1);
        int sum = 0;
        for (ServiceRecord record : equals) {
            sum += record.weight();
            if (sum >= mark) {
                return record;
            }
        }
        throw new IllegalStateException("a mark of " + mark + " beyond the weights, " + sum);
    }
}
