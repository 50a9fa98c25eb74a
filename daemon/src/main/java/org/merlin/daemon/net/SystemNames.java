package org.merlin.daemon.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * Names as this machine itself resolves them: its files, its DNS servers. That blocks, for as long as the machine's settings say, so it has
 * threads of its own, which end when there is nothing to do. Any thread.
 */
final class SystemNames implements AutoCloseable {
    /** The servers of {@code /etc/resolv.conf}. */
    static final String OF_THIS_MACHINE = "dns:";

    /** One name that nobody answers for must not hold up all others. */
    static final int THREADS = 4;

    static final int MAX_WAITING = 16_000;
    private static final String FIRST_TRY_MILLIS = "1000";
    private static final String TRIES = "2";

    private final ExecutorService threads;
    private final Library library;
    private final String servers;
    private final Random random;

    /** What blocks. */
    @FunctionalInterface
    interface Library {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    /**
     * Begins.
     *
     * @param library the machine's own
     * @param servers whom to ask for services, as a URL of JNDI: the library does not know them
     */
    SystemNames(Library library, String servers, Random random) {
        this.library = library;
        this.servers = servers;
        this.random = random;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "merlin-dns");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    CompletableFuture<List<InetSocketAddress>> find(String name, int port, Search search) {
        try {
            if (search.services() && ServiceRecord.named(name)) {
                return CompletableFuture.supplyAsync(() -> services(name), threads)
                        .thenCompose(found -> ServiceRecord.addresses("the DNS", name, found, search, random));
            }
            return CompletableFuture.supplyAsync(() -> addresses(name, port), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new UnknownHostException(
                    name + " is not looked up: " + MAX_WAITING + " names wait for the system's resolver"));
        }
    }

    private List<InetSocketAddress> addresses(String name, int port) {
        try {
            List<InetAddress> found = new ArrayList<>(Arrays.asList(library.addresses(name)));
            Collections.shuffle(found, random);
            return found.stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (UnknownHostException e) {
            throw new CompletionException(new UnknownHostException("there is no address for " + name));
        }
    }

    private List<ServiceRecord> services(String name) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, servers);
        environment.put("com.sun.jndi.dns.timeout.initial", FIRST_TRY_MILLIS);
        environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
        try {
            InitialDirContext context = new InitialDirContext(environment);
            try {
                Attribute found =
                        context.getAttributes(name, new String[] {"SRV"}).get("SRV");
                return found == null ? List.of() : records(found);
            } finally {
                context.close();
            }
        } catch (NamingException | NumberFormatException e) {
            throw new CompletionException(
                    new UnknownHostException("there is no service for " + name + " in the DNS: " + e.getMessage()));
        }
    }

    private static List<ServiceRecord> records(Attribute found) throws NamingException {
        List<ServiceRecord> records = new ArrayList<>();
        NamingEnumeration<?> values = found.getAll();
        while (values.hasMore() && records.size() < ServiceRecord.MAX_RECORDS) {
            String[] words = values.next().toString().split(" ");
            records.add(new ServiceRecord(
                    Integer.parseInt(words[0]),
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    Names.canonical(words[3])));
        }
        return records;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
