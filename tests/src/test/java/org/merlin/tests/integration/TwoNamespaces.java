package org.merlin.tests.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.merlin.daemon.bench.BenchSite;

/**
 * Two network namespaces with a cable between them, whose packets can be dropped: all or some, one way or both. What is dropped is
 * dropped where it comes in, so that the sender hears nothing of it. For root alone.
 */
final class TwoNamespaces implements BenchSite, AutoCloseable {
    private static final String CABLE = "cable";
    private static final Map<String, String> ADDRESSES =
            Map.of(SendingPair.FROM, "192.0.2.1", SendingPair.TO, "192.0.2.2"); // TEST-NET-1
    private static final List<String> NODES = List.of(SendingPair.FROM, SendingPair.TO);
    private static final long PATIENCE_SECONDS = 30;

    /** Makes them. */
    TwoNamespaces() throws IOException {
        for (String node : NODES) {
            run("ip", "netns", "add", namespace(node));
        }
        run(
                "ip",
                "-n",
                namespace(SendingPair.FROM),
                "link",
                "add",
                CABLE,
                "type",
                "veth",
                "peer",
                "name",
                CABLE,
                "netns",
                namespace(SendingPair.TO));
        for (String node : NODES) {
            ip(node, "address", "add", address(node) + "/24", "dev", CABLE);
            ip(node, "link", "set", "lo", "up");
            ip(node, "link", "set", CABLE, "up");
        }
    }

    /** Why they cannot be made here, and what to do; empty if they can. */
    static String missing() {
        try {
            run("nft", "--version");
            String probe = namespace("probe");
            run("ip", "netns", "add", probe);
            run("ip", "netns", "delete", probe);
            return "";
        } catch (IOException e) {
            return "no network namespaces with dropped packets here: run the tests as root, with iproute2 and nftables "
                    + "installed (" + e.getMessage() + ")";
        }
    }

    private static String namespace(String node) {
        return "merlin-test-" + ProcessHandle.current().pid() + "-" + node;
    }

    @Override
    public String address(String node) {
        return ADDRESSES.get(node);
    }

    @Override
    public List<String> within(String node) {
        return List.of("ip", "netns", "exec", namespace(node));
    }

    /** Lets so many percent of the packets to a node never come in; 100 for all of them. */
    void drop(String to, int percent) throws IOException {
        String which = percent == 100 ? "" : "numgen random mod 100 < " + percent;
        in(to, "nft", "add table inet test");
        in(to, "nft", "add chain inet test in { type filter hook input priority 0; }");
        in(to, "nft", "add rule inet test in iifname " + CABLE + " " + which + " counter drop");
    }

    /** How many packets to a node were dropped since that began. */
    long dropped(String to) throws IOException {
        String rules = in(to, "nft", "list chain inet test in");
        return Long.parseLong(rules.replaceAll("(?s).*counter packets (\\d+).*", "$1"));
    }

    /** Pulls the cable out of a node. */
    void pull(String node) throws IOException {
        ip(node, "link", "set", CABLE, "down");
    }

    /** Everything passes again. */
    void heal() throws IOException {
        for (String node : NODES) {
            in(node, "nft", "flush ruleset");
            ip(node, "link", "set", CABLE, "up");
        }
    }

    private static void ip(String node, String... words) throws IOException {
        run(Stream.concat(Stream.of("ip", "-n", namespace(node)), Stream.of(words))
                .toArray(String[]::new));
    }

    private String in(String node, String... words) throws IOException {
        return run(Stream.concat(within(node).stream(), Stream.of(words)).toArray(String[]::new));
    }

    private static String run(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", words) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", words) + " was interrupted", e);
        }
        return said;
    }

    @Override
    public void close() throws IOException {
        for (String node : NODES) {
            run("ip", "netns", "delete", namespace(node));
        }
    }
}
