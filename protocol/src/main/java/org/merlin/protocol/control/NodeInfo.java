package org.merlin.protocol.control;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.merlin.protocol.node.ConfigStamp;
import org.merlin.protocol.wire.BodyReader;
import org.merlin.protocol.wire.BodyWriter;
import org.merlin.protocol.wire.MalformedPacketException;

/**
 * Body of CTRL_ACTIVE: what a running module is. Sent by a module to its daemon, which completes the counts and tells
 * all configured nodes.
 *
 * @param versionsFrom oldest version of the packet format that the node reads
 * @param versionsTo newest version of it
 * @param wordSize 64
 * @param littleEndian byte order of the machine
 * @param scheduler name and version of the scheduler
 * @param objectStructureVersion of the scheduler's object structures; 0 where it has none
 * @param epoch the run of the scheduler: the epoch of its events
 * @param startMicros when the module started, since 1970
 * @param config SHA-1 and newest mtime of the object configuration
 * @param counts configured and active nodes by role, as the sender sees them
 * @param pulseMillis its pulse interval
 * @param groupLists per peer group, the hash of the group's part of the loaded lists; selection 0 is all of them
 * @param yourSelection hostgroups of the receiver if it is a poller of the sender: how it learns them; else empty
 * @param hosts how many hosts the scheduler has loaded
 * @param services how many services
 * @param blockedHostgroups hostgroups whose checks it never runs
 */
public record NodeInfo(
        int versionsFrom,
        int versionsTo,
        int wordSize,
        boolean littleEndian,
        String scheduler,
        int objectStructureVersion,
        int epoch,
        long startMicros,
        ConfigStamp config,
        Counts counts,
        int pulseMillis,
        List<GroupLists> groupLists,
        List<String> yourSelection,
        int hosts,
        int services,
        List<String> blockedHostgroups) {

    public NodeInfo {
        blockedHostgroups = List.copyOf(blockedHostgroups);
        groupLists = List.copyOf(groupLists);
        yourSelection = List.copyOf(yourSelection);
    }

    /** How many nodes of each role the sender has configured, and how many of them are active, without itself. */
    public record Counts(
            int configuredMasters,
            int configuredPeers,
            int configuredPollers,
            int activeMasters,
            int activePeers,
            int activePollers) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
    }

    /** Hash of a peer group's part of the loaded lists. */
    public record GroupLists(int selection, long hash) {}

    /** The same by selection, as {@code SlotTable.hashes} has it. */
    public static List<GroupLists> listsOf(Map<Integer, Long> hashes) {
        return hashes.entrySet().stream()
                .map(group -> new GroupLists(group.getKey(), group.getValue()))
                .toList();
    }

    /** Word size and byte order of this machine. */
    public static final int OUR_WORD_SIZE = 64;

    public static final boolean OUR_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** The hash of a group's lists; 0 if the scheduler has no such group. */
    public long listsOf(int selection) {
        return groupLists.stream()
                .filter(group -> group.selection() == selection)
                .mapToLong(GroupLists::hash)
                .findFirst()
                .orElse(0);
    }

    /** The same with what a daemon knows and its module does not. */
    public NodeInfo with(Counts newCounts, List<String> receiversSelection) {
        return new NodeInfo(
                versionsFrom,
                versionsTo,
                wordSize,
                littleEndian,
                scheduler,
                objectStructureVersion,
                epoch,
                startMicros,
                config,
                newCounts,
                pulseMillis,
                groupLists,
                receiversSelection,
                hosts,
                services,
                blockedHostgroups);
    }

    /** The same where merlin.conf says something else. */
    public NodeInfo configured(List<GroupLists> newLists, int newPulseMillis, List<String> newBlockedHostgroups) {
        return new NodeInfo(
                versionsFrom,
                versionsTo,
                wordSize,
                littleEndian,
                scheduler,
                objectStructureVersion,
                epoch,
                startMicros,
                config,
                counts,
                newPulseMillis,
                newLists,
                yourSelection,
                hosts,
                services,
                newBlockedHostgroups);
    }

    /** The same in another epoch. */
    public NodeInfo inEpoch(int newEpoch) {
        return new NodeInfo(
                versionsFrom,
                versionsTo,
                wordSize,
                littleEndian,
                scheduler,
                objectStructureVersion,
                newEpoch,
                startMicros,
                config,
                counts,
                pulseMillis,
                groupLists,
                yourSelection,
                hosts,
                services,
                blockedHostgroups);
    }

    public ByteBuffer encode() {
        return new BodyWriter()
                .putInt(versionsFrom)
                .putInt(versionsTo)
                .putInt(wordSize)
                .putFlag(littleEndian)
                .putText(scheduler)
                .putInt(objectStructureVersion)
                .putInt(epoch)
                .putLong(startMicros)
                .putText(config.sha1())
                .putLong(config.newestMtimeSeconds())
                .putInt(counts.configuredMasters())
                .putInt(counts.configuredPeers())
                .putInt(counts.configuredPollers())
                .putInt(counts.activeMasters())
                .putInt(counts.activePeers())
                .putInt(counts.activePollers())
                .putInt(pulseMillis)
                .putList(
                        groupLists,
                        (out, group) -> out.putInt(group.selection()).putLong(group.hash()))
                .putList(yourSelection, BodyWriter::putText)
                .putInt(hosts)
                .putInt(services)
                .putList(blockedHostgroups, BodyWriter::putText)
                .body();
    }

    public static NodeInfo decode(ByteBuffer body) throws MalformedPacketException {
        BodyReader in = new BodyReader(body);
        return new NodeInfo(
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getFlag(),
                in.getText(),
                in.getInt(),
                in.getInt(),
                in.getLong(),
                new ConfigStamp(in.getText(), in.getLong()),
                new Counts(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt()),
                in.getInt(),
                in.getList(element -> new GroupLists(element.getInt(), element.getLong())),
                in.getList(BodyReader::getText),
                in.getInt(),
                in.getInt(),
                in.getList(BodyReader::getText));
    }
}
