package org.merlin.confsync.objects;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A block as the catalogue keeps it. The text of its lines is shared with all blocks that have the same, so that a service takes
 * some 350 bytes of memory, not the 800 that it has in the file. Immutable.
 *
 * @param name the service's description of a service, empty of what has no name
 * @param hosts those which it is of, sorted; the members of a hostgroup
 * @param dependents hosts of a dependency's other side, sorted; else empty
 * @param related parents of hosts; of services, and members of servicegroups, {@code host,service}; members of contactgroups;
 *     sorted
 * @param lines all else, as they are written
 */
record Kept(
        Kind kind,
        String name,
        List<String> hosts,
        List<String> dependents,
        List<String> related,
        String[] lines,
        Needs needs) {

    /** Whether anything of it is left where only these hosts are. */
    boolean isIn(Set<String> present) {
        return switch (kind) {
            case SERVICEGROUP -> related.stream().anyMatch(member -> present.contains(hostOf(member)));
            case HOSTDEPENDENCY, SERVICEDEPENDENCY -> any(hosts, present) && any(dependents, present);
            default -> any(hosts, present);
        };
    }

    private static boolean any(List<String> hosts, Set<String> present) {
        return hosts.stream().anyMatch(present::contains);
    }

    static String hostOf(String service) {
        return service.substring(0, service.indexOf(','));
    }

    /** Appends it, reduced to these hosts. */
    void write(StringBuilder text, Set<String> present) {
        text.append("define ").append(kind.word()).append(" {\n");
        switch (kind) {
            case COMMAND, TIMEPERIOD, CONTACT -> line(text, kind.nameAttribute(), name);
            case CONTACTGROUP -> {
                line(text, "contactgroup_name", name);
                line(text, "members", String.join(",", related));
            }
            case HOSTGROUP -> {
                line(text, "hostgroup_name", name);
                line(text, "members", reduced(hosts, present));
            }
            case SERVICEGROUP -> {
                line(text, "servicegroup_name", name);
                line(text, "members", services(present));
            }
            case HOST -> {
                line(text, "host_name", name);
                line(text, "parents", reduced(related, present));
            }
            case SERVICE -> {
                line(text, "host_name", hosts.get(0));
                line(text, "service_description", name);
                line(text, "parents", services(present));
            }
            default -> {
                line(text, "host_name", reduced(hosts, present));
                line(text, "dependent_host_name", reduced(dependents, present));
            }
        }
        for (String line : lines) {
            text.append(line);
        }
        text.append("}\n\n");
    }

    private static void line(StringBuilder text, String attribute, String value) {
        if (!value.isEmpty()) {
            text.append('\t').append(attribute).append('\t').append(value).append('\n');
        }
    }

    private static String reduced(List<String> names, Set<String> present) {
        return names.stream().filter(present::contains).collect(Collectors.joining(","));
    }

    private String services(Set<String> present) {
        return related.stream()
                .filter(service -> present.contains(hostOf(service)))
                .collect(Collectors.joining(","));
    }
}
