package org.merlin.confsync.objects;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.merlin.confsync.objects.ObjectFile.SyntaxException;

/**
 * Cuts the parts of pollers out of a scheduler's configuration: reads the whole once, then each part is cheap. A part holds
 *
 * <ul>
 *   <li>the hosts of its hostgroups with their services, escalations, and dependencies on hosts of the part; parents that are in
 *       the part;
 *   <li>the commands, timeperiods with all that they exclude, contacts and contactgroups that these name;
 *   <li>all hostgroups and servicegroups, reduced to the part, empty ones left out;
 *   <li>the commands that the main configuration names.
 * </ul>
 *
 * <p>It is one flat file without templates, and the same bytes wherever the same configuration is cut, whatever the order of the
 * source. Bytes of names and values stay what they are, UTF-8 or not. Memory: about half of the source's size. Immutable, for any
 * thread.
 */
public final class Splitter {
    private static final int MOST_REMARKS = 20;

    private final Catalogue catalogue;
    private final Set<String> commands;

    private Splitter(Catalogue catalogue, Set<String> commands) {
        this.catalogue = catalogue;
        this.commands = commands;
    }

    /**
     * Reads a scheduler's object cache, or a flat object file; does not close it.
     *
     * @param name of the file, for messages
     * @param commands those which are in every part, see {@link MainCommands}
     * @throws SyntaxException at the first place that is no such file
     */
    public static Splitter read(String name, InputStream in, Collection<String> commands)
            throws IOException, SyntaxException {
        return new Reading().add(name, in).splitter(commands);
    }

    /** Reads a configuration that stands in several files, in any order. Confined to one thread. */
    public static final class Reading {
        private final CatalogueBuilder builder = new CatalogueBuilder();

        /**
         * Reads one of them; does not close it.
         *
         * @throws SyntaxException at the first place that is no object file
         */
        public Reading add(String name, InputStream in) throws IOException, SyntaxException {
            builder.begin(name);
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
            ObjectReader.read(name, lines, builder::add);
            return this;
        }

        /**
         * The whole of what was read; once.
         *
         * @param commands those which are in every part, see {@link MainCommands}
         * @throws SyntaxException at the first block that cannot be
         */
        public Splitter splitter(Collection<String> commands) throws SyntaxException {
            Set<String> always = new TreeSet<>();
            commands.forEach(command -> always.add(raw(command)));
            return new Splitter(builder.build(), always);
        }
    }

    /** What of the source is in no part, one sentence each. */
    public List<String> remarks() {
        return catalogue.remarks();
    }

    /**
     * The part of pollers with these hostgroups. Those which are not there, or hold no host, are named in its remarks.
     *
     * @param hostgroups in any order
     */
    public Part part(Collection<String> hostgroups) {
        List<String> remarks = new ArrayList<>();
        Set<String> hosts = hosts(hostgroups, remarks);
        return new Part(new PartBlocks(catalogue, hosts).all(commands), hosts, remarks);
    }

    private Set<String> hosts(Collection<String> hostgroups, List<String> remarks) {
        Set<String> hosts = new HashSet<>();
        for (String name : new TreeSet<>(hostgroups)) {
            Kept group = catalogue.all(Kind.HOSTGROUP).get(raw(name));
            if (group == null) {
                remarks.add("there is no hostgroup '" + name + "'");
            } else if (group.hosts().isEmpty()) {
                remarks.add("hostgroup '" + name + "' holds no host");
            } else {
                hosts.addAll(group.hosts());
            }
        }
        return hosts;
    }

    /**
     * Names hosts that are in the parts of several groups of pollers: each group checks them. Pollers with the same hostgroups share
     * their checks and do not count.
     *
     * @param hostgroupsOfPollers by the pollers' names
     * @return one sentence for two groups each, 20 at most
     */
    public List<String> overlaps(Map<String, ? extends Collection<String>> hostgroupsOfPollers) {
        Map<String, Set<String>> pollers = new TreeMap<>();
        Map<String, Set<String>> hosts = new TreeMap<>();
        new TreeMap<>(hostgroupsOfPollers).forEach((poller, hostgroups) -> {
            String key = String.join(",", new TreeSet<>(hostgroups));
            pollers.computeIfAbsent(key, groups -> new TreeSet<>()).add(poller);
            hosts.computeIfAbsent(key, groups -> hosts(hostgroups, new ArrayList<>()));
        });
        List<String> keys = new ArrayList<>(pollers.keySet());
        List<String> sentences = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            for (int j = i + 1; j < keys.size() && sentences.size() < MOST_REMARKS; j++) {
                Set<String> both = new TreeSet<>(hosts.get(keys.get(i)));
                both.retainAll(hosts.get(keys.get(j)));
                if (!both.isEmpty()) {
                    sentences.add("host '" + told(both.iterator().next()) + "'"
                            + (both.size() == 1 ? " is" : " and " + (both.size() - 1) + " more are")
                            + " in the parts of "
                            + String.join(", ", pollers.get(keys.get(i))) + " and of "
                            + String.join(", ", pollers.get(keys.get(j))) + ": both check them");
                }
            }
        }
        return sentences;
    }

    /** A name as the source is read: a character for each byte. */
    private static String raw(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String told(String raw) {
        return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
