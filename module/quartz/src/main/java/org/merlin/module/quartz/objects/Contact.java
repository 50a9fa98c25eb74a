package org.merlin.module.quartz.objects;

import java.util.List;
import java.util.Map;

/**
 * Somebody who is told about problems.
 *
 * @param addresses what stands for {@code $CONTACTADDRESS1$} to {@code $CONTACTADDRESS6$}; empty where none is given
 * @param custom the contact's own variables by name in capitals, without the leading underscore
 * @param groups the groups that it is in
 */
public record Contact(
        String name,
        String alias,
        String email,
        String pager,
        List<String> addresses,
        Map<String, String> custom,
        List<String> groups,
        Wishes hosts,
        Wishes services) {
    public Contact {
        addresses = List.copyOf(addresses);
        custom = Map.copyOf(custom);
        groups = List.copyOf(groups);
    }

    /**
     * What a contact wants to be told about hosts, or about services, and how.
     *
     * @param options see {@link Options}
     */
    public record Wishes(boolean enabled, Timeperiod period, int options, List<CheckCommand> commands) {
        public Wishes {
            commands = List.copyOf(commands);
        }

        public Wishes withEnabled(boolean on) {
            return new Wishes(on, period, options, commands);
        }
    }

    public Wishes wishes(boolean aboutHosts) {
        return aboutHosts ? hosts : services;
    }

    public Contact withWishes(boolean aboutHosts, Wishes wishes) {
        return new Contact(
                name,
                alias,
                email,
                pager,
                addresses,
                custom,
                groups,
                aboutHosts ? wishes : hosts,
                aboutHosts ? services : wishes);
    }

    public Contact withCustom(Map<String, String> variables) {
        return new Contact(name, alias, email, pager, addresses, variables, groups, hosts, services);
    }
}
