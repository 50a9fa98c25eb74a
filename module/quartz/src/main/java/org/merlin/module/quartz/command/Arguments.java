package org.merlin.module.quartz.command;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.merlin.module.quartz.objects.Inventory;
import org.merlin.protocol.event.MonitoredObject;

/**
 * The arguments of one command, with the names in them looked up. Places count from 0. Confined to the core's thread.
 *
 * @param entrySeconds when the command was given, seconds since 1970
 * @param nowMillis what an empty time stands for
 */
record Arguments(Inventory inventory, String[] parts, long entrySeconds, long nowMillis) {
    /** An argument; empty if it is missing. */
    String text(int place) {
        return place < parts.length ? parts[place] : "";
    }

    /** The host that the first argument names. */
    int host() throws BadCommand {
        OptionalInt host = inventory.findHost(text(0));
        if (host.isEmpty()) {
            throw new BadCommand("there is no host '" + text(0) + "'");
        }
        return host.getAsInt();
    }

    /** The service that the first two arguments name. */
    int service() throws BadCommand {
        String description = text(1);
        int host = host();
        OptionalInt service = description.isEmpty()
                ? OptionalInt.empty()
                : inventory.find(
                        MonitoredObject.ofService(inventory.get(host).name().host(), description));
        if (service.isEmpty()) {
            throw new BadCommand("there is no service '" + description + "' on host '" + text(0) + "'");
        }
        return service.getAsInt();
    }

    int object(boolean host) throws BadCommand {
        return host ? host() : service();
    }

    /** The services of the host that the first argument names. */
    int[] servicesOfHost() throws BadCommand {
        return inventory.servicesOf(host());
    }

    /** The hosts of the group that the first argument names. */
    int[] hostsOfGroup() throws BadCommand {
        return inventory
                .hostsOfGroup(text(0))
                .orElseThrow(() -> new BadCommand("there is no hostgroup '" + text(0) + "'"));
    }

    /** The services of the group that the first argument names. */
    int[] servicesOfGroup() throws BadCommand {
        return inventory
                .servicesOfGroup(text(0))
                .orElseThrow(() -> new BadCommand("there is no servicegroup '" + text(0) + "'"));
    }

    /** The hosts of the services of the group that the first argument names. */
    int[] hostsOfServicegroup() throws BadCommand {
        return Arrays.stream(servicesOfGroup())
                .map(service -> inventory.get(service).host())
                .distinct()
                .toArray();
    }

    boolean flag(int place) {
        return !text(place).isBlank() && !text(place).strip().equals("0");
    }

    /** A whole number from 0. */
    long number(int place) throws BadCommand {
        String text = text(place).strip();
        // some front ends hand in 1700000000.0
        if (!text.matches("\\d{1,12}(\\.\\d*)?")) {
            throw new BadCommand("'" + text(place) + "' is no whole number from 0");
        }
        return Long.parseLong(text.replaceFirst("\\..*", ""));
    }

    /** A time, given in seconds since 1970; now if it is left out. */
    long millis(int place) throws BadCommand {
        if (text(place).isBlank()) {
            return nowMillis;
        }
        if (!text(place).strip().matches("\\d{1,12}(\\.\\d*)?")) {
            throw new BadCommand("'" + text(place) + "' is no time in seconds");
        }
        return TimeUnit.SECONDS.toMillis(number(place));
    }
}
