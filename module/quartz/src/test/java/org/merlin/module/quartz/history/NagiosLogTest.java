package org.merlin.module.quartz.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.module.quartz.state.Alert;
import org.merlin.module.quartz.state.ObjectState;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.StateType;

class NagiosLogTest {
    private static final MonitoredObject HOST = MonitoredObject.ofHost("web");
    private static final MonitoredObject SERVICE = MonitoredObject.ofService("web", "http port");

    @TempDir
    Path directory;

    @Test
    void wordsItsLinesAsNagiosDoes() {
        assertThat(LogLines.alert(SERVICE, new Alert(2, StateType.SOFT, 1), "bad; very"))
                .isEqualTo("SERVICE ALERT: web;http port;CRITICAL;SOFT;1;bad; very");
        assertThat(LogLines.alert(HOST, new Alert(2, StateType.HARD, 3), "gone"))
                .isEqualTo("HOST ALERT: web;UNREACHABLE;HARD;3;gone");
        assertThat(LogLines.passive(SERVICE, 3, "?")).isEqualTo("PASSIVE SERVICE CHECK: web;http port;3;?");
        assertThat(LogLines.passive(HOST, 1, "off")).isEqualTo("PASSIVE HOST CHECK: web;1;off");
        assertThat(LogLines.initial(SERVICE, ObjectState.PENDING))
                .isEqualTo("INITIAL SERVICE STATE: web;http port;OK;HARD;1;");
        assertThat(LogLines.clockSet(-90_061))
                .isEqualTo("Warning: A system time change of 90061 seconds (1d 1h 1m 1s backwards in time) has been"
                        + " detected.  Compensating...");
    }

    @Test
    void writesOneLineForEachThingThatHappened() throws IOException {
        Path path = directory.resolve("scheduler.log");
        try (NagiosLog log = NagiosLog.open(path)) {
            log.line(1_700_000_000, "first");
            log.line(1_700_000_001, "two\nlines");
            await().untilAsserted(() -> assertThat(Files.readAllLines(path)).hasSize(2));
        }
        try (NagiosLog log = NagiosLog.open(path)) {
            log.line(1_700_000_002, "after a restart");
        }
        assertThat(path).hasContent("""
                [1700000000] first
                [1700000001] two\\nlines
                [1700000002] after a restart
                """);
    }

    @Test
    void setsAFileAsideThatGrewTooLarge() throws IOException {
        Path path = directory.resolve("scheduler.log");
        Path aside = directory.resolve("scheduler.log.1");
        try (NagiosLog log = NagiosLog.open(path, 1_000)) {
            for (int i = 0; i < 3; i++) {
                log.line(i, "x".repeat(2_000));
                String begin = "[" + i + "] ";
                await().ignoreException(NoSuchFileException.class)
                        .until(() -> Files.readString(aside).startsWith(begin));
            }
        }
        assertThat(path).isEmptyFile();
    }
}
