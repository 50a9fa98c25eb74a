package org.merlin.protocol.node;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The hostgroups that a group of pollers is responsible for.
 *
 * @param hostgroups bytewise sorted, without duplicates
 */
public record Selection(List<String> hostgroups) {
    /** No selection: the objects of masters themselves, or a packet that concerns no poller group. */
    public static final int NONE = 0;

    public Selection {
        hostgroups = List.copyOf(hostgroups);
    }

    /** Sorts and de-duplicates the names, so that their order in merlin.conf does not matter. */
    public static Selection of(Collection<String> hostgroups) {
        return new Selection(
                hostgroups.stream().distinct().sorted(NameOrder.BYTEWISE).toList());
    }

    /** CRC-32C of the comma-joined names: what packets carry. 0 only for the empty selection. */
    public int id() {
        if (hostgroups.isEmpty()) {
            return NONE;
        }
        CRC32C crc = new CRC32C();
        crc.update(String.join(",", hostgroups).getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue() == NONE ? 1 : (int) crc.getValue();
    }

    @Override
    public String toString() {
        return String.join(",", hostgroups);
    }
}
