package org.merlin.confsync.objects;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merlin.confsync.objects.ObjectFile.SyntaxException;

/**
 * Takes the blocks of a source in any order. Lists of hosts and hostgroups become hosts, so that what was written in another way
 * but means the same is kept the same. Confined to one thread.
 */
final class CatalogueBuilder {
    private final Map<Kind, SortedMap<String, Kept>> named = new EnumMap<>(Kind.class);
    private final Map<String, List<Kept>> services = new HashMap<>();
    private final Map<String, List<Kept>> others = new HashMap<>();
    private final Groups groups = new Groups();
    /** Those of whole hostgroups, which are known only at the end. */
    private final List<ObjectBlock> waiting = new ArrayList<>();

    private final Lines lines = new Lines();
    private final Map<Needs, Needs> needs = new HashMap<>();
    private final Map<String, Integer> unknown = new TreeMap<>();
    private Optional<SyntaxException> problem = Optional.empty();
    private String source = "";

    CatalogueBuilder() {
        for (Kind kind : Kind.values()) {
            named.put(kind, new TreeMap<>());
        }
    }

    /** Takes the name of the file whose blocks come next, for messages. */
    void begin(String source) {
        this.source = source;
    }

    void add(ObjectBlock block) {
        if (block.attributes().containsKey("use") || block.attributes().containsKey("register")) {
            refuse(
                    block,
                    "'use' and 'register' belong to templates: give the expanded file that the scheduler writes,"
                            + " its object_cache_file");
            return;
        }
        Optional<Kind> kind = Kind.of(block.type());
        if (kind.isEmpty()) {
            unknown.merge(block.type(), 1, Integer::sum);
        } else {
            add(kind.get(), block);
        }
    }

    private void add(Kind kind, ObjectBlock block) {
        switch (kind) {
            case COMMAND, TIMEPERIOD -> name(kind, block, List.of());
            case CONTACT -> {
                name(kind, block, List.of());
                groups.join(Kind.CONTACTGROUP, block.names("contactgroups"), block.get("contact_name"));
            }
            case HOST -> {
                name(kind, block, sorted(block.names("parents")));
                groups.join(Kind.HOSTGROUP, block.names("hostgroups"), block.get("host_name"));
            }
            case CONTACTGROUP, HOSTGROUP, SERVICEGROUP -> {
                if (!groups.define(kind, block)) {
                    refuseTwice(kind, block);
                }
            }
            default -> waiting(kind, block);
        }
    }

    private void waiting(Kind kind, ObjectBlock block) {
        if (block.names("hostgroup_name").isEmpty()
                && block.names("dependent_hostgroup_name").isEmpty()) {
            ofHosts(kind, block);
        } else {
            waiting.add(block);
        }
    }

    private void name(Kind kind, ObjectBlock block, List<String> related) {
        String name = lines.pooled(block.get(kind.nameAttribute()));
        Kept kept = kept(kind, block, name, kind == Kind.HOST ? List.of(name) : List.of(), List.of(), related);
        if (name.isEmpty()) {
            refuse(block, "this " + block.type() + " has no " + kind.nameAttribute());
        } else if (named.get(kind).putIfAbsent(name, kept) != null) {
            refuseTwice(kind, block);
        }
    }

    private void ofHosts(Kind kind, ObjectBlock block) {
        List<String> hosts = hosts(block, "host_name", "hostgroup_name");
        if (kind == Kind.SERVICE) {
            services(block, hosts);
            return;
        }
        List<String> dependents = hosts(block, "dependent_host_name", "dependent_hostgroup_name");
        if (kind == Kind.SERVICEDEPENDENCY && dependents.isEmpty()) {
            hosts.forEach(host -> other(kept(kind, block, "", List.of(host), List.of(host), List.of())));
        } else {
            other(kept(kind, block, "", hosts, dependents, List.of()));
        }
    }

    private void other(Kept kept) {
        boolean dependency = kept.kind() == Kind.HOSTDEPENDENCY || kept.kind() == Kind.SERVICEDEPENDENCY;
        for (String host : dependency ? kept.dependents() : kept.hosts()) {
            others.computeIfAbsent(host, name -> new ArrayList<>(1)).add(kept);
        }
    }

    private void services(ObjectBlock block, List<String> hosts) {
        String description = lines.pooled(block.get("service_description"));
        for (String host : hosts) {
            groups.join(Kind.SERVICEGROUP, block.names("servicegroups"), host + "," + description);
            services.computeIfAbsent(host, name -> new ArrayList<>(8))
                    .add(kept(Kind.SERVICE, block, description, List.of(host), List.of(), parents(block, host)));
        }
    }

    /** A service's parents: one alone is on the same host. */
    private static List<String> parents(ObjectBlock block, String host) {
        List<String> names = block.names("parents");
        return names.size() == 1 ? List.of(host + "," + names.get(0)) : Groups.pairs(names);
    }

    private List<String> hosts(ObjectBlock block, String ofHosts, String ofGroups) {
        List<String> hosts = new ArrayList<>(block.names(ofHosts));
        for (String group : Set.copyOf(block.names(ofGroups))) {
            hosts.addAll(groups.members(Kind.HOSTGROUP, group));
        }
        return sorted(hosts);
    }

    private List<String> sorted(List<String> names) {
        return names.size() < 2
                ? names.stream().map(lines::pooled).toList()
                : names.stream().map(lines::pooled).distinct().sorted().toList();
    }

    private Kept kept(
            Kind kind,
            ObjectBlock block,
            String name,
            List<String> hosts,
            List<String> dependents,
            List<String> related) {
        Needs its = Needs.of(block);
        return new Kept(
                kind,
                name,
                hosts,
                dependents,
                related,
                lines.of(kind, block),
                needs.computeIfAbsent(its, same -> same));
    }

    private void refuseTwice(Kind kind, ObjectBlock block) {
        refuse(block, "there are two of " + block.type() + " '" + block.get(kind.nameAttribute()) + "'");
    }

    private void refuse(ObjectBlock block, String what) {
        if (problem.isEmpty()) {
            problem = Optional.of(new SyntaxException(source, block.line(), what));
        }
    }

    /**
     * All of it.
     *
     * @throws SyntaxException at the first block that cannot be
     */
    Catalogue build() throws SyntaxException {
        waiting.forEach(block -> ofHosts(Kind.of(block.type()).orElseThrow(), block));
        groups.defined()
                .forEach((kind, blocks) -> blocks.forEach((name, block) -> {
                    List<String> members = groups.members(kind, name);
                    boolean ofHosts = kind == Kind.HOSTGROUP;
                    Kept kept = kept(
                            kind,
                            block,
                            name,
                            ofHosts ? known(members) : List.of(),
                            List.of(),
                            ofHosts ? List.of() : members);
                    named.get(kind).put(name, kept);
                }));
        services.values().forEach(list -> list.sort(Comparator.comparing(Kept::name)));
        refuseServicesTwice();
        if (problem.isPresent()) {
            throw problem.get();
        }
        List<String> remarks = new ArrayList<>();
        unknown.forEach((type, count) -> remarks.add("blocks of type " + type + " are left out: " + count));
        return new Catalogue(named, services, others, remarks);
    }

    private List<String> known(List<String> members) {
        Set<String> hosts = named.get(Kind.HOST).keySet();
        return members.stream().filter(hosts::contains).map(lines::pooled).toList();
    }

    private void refuseServicesTwice() {
        services.forEach((host, list) -> {
            for (int i = 1; i < list.size() && problem.isEmpty(); i++) {
                if (list.get(i).name().equals(list.get(i - 1).name())) {
                    problem = Optional.of(new SyntaxException(
                            source,
                            1,
                            "there are two of service '" + list.get(i).name() + "' on host '" + host + "'"));
                }
            }
        });
    }
}
