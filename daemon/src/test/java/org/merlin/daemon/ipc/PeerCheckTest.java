package org.merlin.daemon.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerCheckTest {
    private static final int NOBODY_ELSE = 54_321;

    private final int own;

    PeerCheckTest() throws IOException {
        own = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** Netty makes them of what the kernel says, and for nobody else. */
    private static PeerCredentials peer(int uid, int... gids) throws ReflectiveOperationException {
        Constructor<PeerCredentials> constructor =
                PeerCredentials.class.getDeclaredConstructor(int.class, int.class, int[].class);
        constructor.setAccessible(true);
        return constructor.newInstance(Integer.MAX_VALUE, uid, gids);
    }

    @Test
    void admitsRootAndOurOwnUser() throws Exception {
        PeerCheck check = PeerCheck.of(Optional.empty());
        assertThat(check.objection(peer(0))).isEmpty();
        assertThat(check.objection(peer(own))).isEmpty();
    }

    @Test
    void turnsOthersAwayAndSaysWhatWouldHelp() throws Exception {
        assertThat(PeerCheck.of(Optional.empty()).objection(peer(NOBODY_ELSE, NOBODY_ELSE)))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("user 54321").contains("set ipc_group"));
    }

    @Test
    void admitsMembersOfTheGroup() throws Exception {
        PeerCheck check = PeerCheck.of(Optional.of("daemon"));
        int gid = check.group().orElseThrow();
        assertThat(check.objection(peer(NOBODY_ELSE, gid))).isEmpty();
        assertThat(check.objection(peer(NOBODY_ELSE, gid + 1000))).isPresent();
    }

    @Test
    void aGroupThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> PeerCheck.of(Optional.of("no-such-group"))).hasMessageContaining("no-such-group");
    }
}
