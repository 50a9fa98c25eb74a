package org.merlin.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.confsync.hooks.HookKind;
import org.merlin.confsync.hooks.RecentRuns.Change;
import org.merlin.confsync.hooks.RecentRuns.Run;
import org.merlin.confsync.hooks.RecentRuns.Stop;
import org.merlin.confsync.hooks.RecentRuns.Why;
import org.merlin.daemon.cluster.HookMemory.Kept;

class HookFileTest {
    private static final Change PUSH = new Change(HookKind.PUSH, "aa", "bb");

    @TempDir
    private Path folder;

    private HookFile file;

    @BeforeEach
    void open() {
        file = new HookFile(folder.resolve("hooks"), Runnable::run);
    }

    @Test
    void whatIsKeptComesBack() {
        Map<String, Kept> all = Map.of(
                "yoda",
                new Kept(
                        List.of(new Run(PUSH, 5, true), new Run(new Change(HookKind.FETCH, "c", "d"), 6, false)),
                        List.of(new Stop(Why.NEVER_TAKEN, PUSH, 5, 7))),
                "leia",
                new Kept(List.of(), List.of(new Stop(Why.SAME_AGAIN, PUSH, 3, 8))));
        file.save(all);
        assertThat(file.load()).isEqualTo(all);
        file.save(Map.of());
        assertThat(file.load()).isEmpty();
    }

    @Test
    void whatIsNoSuchFileCountsAsNone() throws IOException {
        assertThat(file.load()).isEmpty();
        for (String text :
                List.of("run yoda PUSH a b 5", "stop yoda PUSH a b 5 WHAT 3", "run yoda PULL a b 5 true", "x")) {
            Files.writeString(folder.resolve("hooks"), text);
            assertThat(file.load()).as(text).isEmpty();
        }
    }
}
