package org.merlin.daemon.demo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.merlin.confsync.objects.ObjectBlock;
import org.merlin.confsync.objects.ObjectFile;
import org.merlin.confsync.objects.Splitter;
import org.merlin.daemon.ca.CertificateAuthority;

/** Lays out the folders of a demo: configuration, certificates and objects of every node. Stateless. */
final class DemoFolder {
    /** Longest folder name with which a node's Unix sockets keep within what the kernel takes. */
    private static final int MAX_FOLDER_BYTES = 107 - "/master20/state/admin.sock".length();

    private DemoFolder() {}

    static ObjectFile objects(DemoSettings settings) throws IOException {
        try {
            if (settings.objects().isEmpty()) {
                return ObjectFile.parse(
                        "built-in objects",
                        BuiltInObjects.text(settings.pollers()).lines().toList());
            }
            Path file = settings.objects().get();
            return ObjectFile.parse(file.toString(), Files.readAllLines(file));
        } catch (ObjectFile.SyntaxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The folder to be used, fresh or empty. */
    static Path open(DemoSettings settings) throws IOException {
        if (settings.folder().isEmpty()) {
            return Files.createTempDirectory("merlin-demo-");
        }
        Path folder = settings.folder().get().toAbsolutePath().normalize();
        if (folder.toString().getBytes(StandardCharsets.UTF_8).length > MAX_FOLDER_BYTES) {
            throw new IOException("--dir " + folder + ": names of Unix sockets below it would be too long; "
                    + "take one of at most " + MAX_FOLDER_BYTES + " bytes");
        }
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new IOException(
                        "--dir " + folder + " is not empty: take a new one, so that nothing old is mixed in");
            }
        }
        return folder;
    }

    static List<DemoNode> layOut(DemoSettings settings, Path folder, ObjectFile objects) throws IOException {
        DemoScheduler scheduler = settings.schedulers();
        ObjectFile prepared = scheduler.prepare(objects, folder);
        Splitter parts = splitter(prepared);
        Map<String, Integer> ports = FreePorts.forEach(settings.names());
        CertificateAuthority authority = CertificateAuthority.init(folder.resolve("ca"), false, Clock.systemUTC());
        List<DemoNode> nodes = new ArrayList<>();
        for (String name : settings.names()) {
            boolean master = name.startsWith("master");
            DemoNode node = new DemoNode(name, master, folder.resolve(name), settings.bin(), scheduler);
            Path tls = node.state().resolve("tls");
            Files.createDirectories(tls);
            Files.copy(folder.resolve("ca").resolve("ca.crt"), tls.resolve("ca.crt"));
            authority.issue(name, tls, CertificateAuthority.LEAF_LIFE);
            Files.writeString(node.conf(), conf(settings, node, ports));
            Path own = node.folder().resolve("objects.cfg");
            if (master) {
                Files.writeString(own, prepared.text());
            } else {
                try (OutputStream out = Files.newOutputStream(own)) {
                    parts.part(List.of(name)).writeTo(out);
                }
            }
            scheduler.configure(node);
            nodes.add(node);
        }
        return nodes;
    }

    private static Splitter splitter(ObjectFile objects) throws IOException {
        try {
            byte[] text = objects.text().getBytes(StandardCharsets.UTF_8);
            return Splitter.read("the objects", new ByteArrayInputStream(text), List.of());
        } catch (ObjectFile.SyntaxException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String conf(DemoSettings settings, DemoNode node, Map<String, Integer> ports) {
        StringBuilder text = new StringBuilder("# Written by mon demo. See merlin.conf.example for all keys.\n");
        text.append("node_name = ").append(node.name()).append(";\n");
        text.append("state_dir = ").append(node.state()).append(";\n\n");
        text.append("daemon {\n\taddress = 127.0.0.1;\n\tport = ")
                .append(ports.get(node.name()))
                .append(";\n")
                .append(node.master() ? "\tdatabase { type = embedded; }\n" : "")
                .append("}\n\n");
        text.append("scheduler {\n\tobjects = ").append(node.folder().resolve("objects.cfg"));
        text.append(";\n\tlog = ").append(node.folder().resolve("scheduler.log"));
        text.append(";\n\trun_log = ").append(node.runLog()).append(";\n}\n");
        for (String other : settings.names()) {
            boolean master = other.startsWith("master");
            if (other.equals(node.name()) || !node.master() && !master) {
                continue;
            }
            String role = node.master() ? master ? "peer" : "poller" : "master";
            text.append('\n').append(role).append(' ').append(other).append(" {\n\taddress = 127.0.0.1;\n\tport = ");
            text.append(ports.get(other)).append(";\n");
            if (role.equals("poller")) {
                text.append("\thostgroup = ").append(other).append(";\n");
            }
            text.append("}\n");
        }
        return text.toString();
    }

    /**
     * The checks that must be run: all that are scheduled at all times.
     *
     * @param slackMillis how late they may be by the scheduler's own rules
     */
    static List<Judge.Check> checks(ObjectFile objects, long slackMillis) {
        List<Judge.Check> checks = new ArrayList<>();
        for (ObjectBlock block : objects.blocks()) {
            boolean service = block.type().equals("service");
            if (!service && !block.type().equals("host") || !scheduled(objects, block)) {
                continue;
            }
            long interval = millis(block, "check_interval", service ? 10 : 5);
            long retry = block.get("retry_interval").isEmpty() ? interval : millis(block, "retry_interval", 1);
            for (String host : block.names("host_name")) {
                String name = service ? host + ";" + block.get("service_description") : host;
                checks.add(new Judge.Check(name, Math.max(interval, retry) + slackMillis, Math.min(interval, retry)));
            }
        }
        return checks;
    }

    private static boolean scheduled(ObjectFile objects, ObjectBlock block) {
        return !block.get("active_checks_enabled").equals("0")
                && !block.get("check_command").isEmpty()
                && millis(block, "check_interval", 1) > 0
                && always(objects, block.get("check_period"));
    }

    /** Whether a timeperiod leaves nothing out, as far as that is plain to see; checks of others are not judged. */
    private static boolean always(ObjectFile objects, String period) {
        return period.isEmpty()
                || objects.of("timeperiod").stream()
                        .filter(block -> block.get("timeperiod_name").equals(period))
                        .anyMatch(block -> block.get("exclude").isEmpty()
                                && block.attributes().values().stream()
                                                .filter("00:00-24:00"::equals)
                                                .count()
                                        >= 7);
    }

    private static long millis(ObjectBlock block, String attribute, double otherwise) {
        String text = block.get(attribute);
        double units = text.isEmpty() ? otherwise : Double.parseDouble(text);
        return Math.round(units * 60_000);
    }
}
