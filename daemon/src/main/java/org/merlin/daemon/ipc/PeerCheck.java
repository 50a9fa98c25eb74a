package org.merlin.daemon.ipc;

import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who may use a Unix socket of ours: root, our own user, and members of one group. The group's number is read from
 * /etc/group, a process's groups from /proc. Any thread.
 */
final class PeerCheck {
    private final OptionalInt group;
    private final int ownUid;

    private PeerCheck(OptionalInt group, int ownUid) {
        this.group = group;
        this.ownUid = ownUid;
    }

    /**
     * Looks the group up.
     *
     * @param group name, or empty for none
     * @throws IOException if there is no such group
     */
    static PeerCheck of(Optional<String> group) throws IOException {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (group.isEmpty()) {
            return new PeerCheck(OptionalInt.empty(), uid);
        }
        return new PeerCheck(OptionalInt.of(gidOf(group.get())), uid);
    }

    private static int gidOf(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/group"))) {
            String[] fields = line.split(":");
            if (fields.length >= 3 && fields[0].equals(name)) {
                return Integer.parseInt(fields[2]);
            }
        }
        throw new IOException("ipc_group = " + name + ": there is no such group in /etc/group");
    }

    /** Number of the group, if there is one. */
    OptionalInt group() {
        return group;
    }

    /** Empty if this process may connect, else why not. */
    Optional<String> objection(PeerCredentials peer) {
        if (peer.uid() == 0 || peer.uid() == ownUid) {
            return Optional.empty();
        }
        if (group.isPresent()
                && (Arrays.stream(peer.gids()).anyMatch(gid -> gid == group.getAsInt()) || supplementary(peer.pid()))) {
            return Optional.empty();
        }
        return Optional.of("user " + peer.uid() + " (process " + peer.pid() + ") is neither root nor user " + ownUid
                + (group.isPresent() ? " nor in group " + group.getAsInt() : "; set ipc_group to admit a group"));
    }

    private boolean supplementary(int pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("Groups:"))
                    .flatMap(line -> Arrays.stream(line.substring(7).strip().split("\\s+")))
                    .anyMatch(gid -> gid.equals(Integer.toString(group.getAsInt())));
        } catch (IOException e) {
            return false; // it has gone
        }
    }
}
