package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Register;
import org.merlin.protocol.event.Register.Subject;

class SettingsTest {
    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new Bench(directory, "", "");
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    private static Register ofService(String attribute, String value) {
        return Register.of(MonitoredObject.ofService("h", "s"), attribute, value);
    }

    @Test
    void whatACommandSetsIsToldAsARegister() {
        bench.command("CHANGE_MAX_SVC_CHECK_ATTEMPTS;h;s;1");
        bench.command("CHANGE_CUSTOM_SVC_VAR;h;s;_SITE;Kiel");
        bench.command("DISABLE_CONTACT_HOST_NOTIFICATIONS;ann");
        bench.command("STOP_ACCEPTING_PASSIVE_SVC_CHECKS");
        assertThat(bench.broker.heard)
                .containsExactly(
                        ofService("max_attempts", "1"),
                        ofService("variable:_SITE", "Kiel"),
                        new Register(Subject.CONTACT, "ann", "", "host_notifications", "0"),
                        new Register(Subject.PROGRAM, "", "", "passive_checks", "0"));
        bench.finds("h;s", 2);
        assertThat(bench.ran()).hasSize(1);
        bench.command("PROCESS_SERVICE_CHECK_RESULT;h;s;0;x");
        assertThat(bench.state("h;s").state()).isEqualTo(2);
    }

    @Test
    void whatMakesNoSenseIsToldNobody() {
        for (String command : List.of(
                "CHANGE_SVC_CHECK_COMMAND;h;s;nothing",
                "CHANGE_SVC_CHECK_TIMEPERIOD;h;s;never",
                "CHANGE_NORMAL_SVC_CHECK_INTERVAL;h;s;often",
                "DISABLE_SVC_NOTIFICATIONS;h;zz",
                "DISABLE_SVC_NOTIFICATIONS;h",
                "DISABLE_CONTACT_SVC_NOTIFICATIONS;nobody",
                "ENABLE_PERFORMANCE_DATA")) {
            bench.command(command);
        }
        assertThat(bench.broker.heard).isEmpty();
        assertThat(bench.broker.commands).hasSize(7);
    }

    @Test
    void whatOthersSetIsSetHereAndToldNobody() {
        bench.port.set(ofService("notifications", "0"));
        bench.port.set(ofService("colour", "red"));
        bench.finds("h;s", 2, 2);
        assertThat(bench.ran()).isEmpty();
        assertThat(bench.broker.heard).isEmpty();
    }

    @Test
    void whatWasSetOutlivesARestart() throws IOException {
        bench.command("CHANGE_SVC_EVENT_HANDLER;h;s;handle");
        bench.command("DISABLE_SVC_NOTIFICATIONS;h;s");
        bench.command("DISABLE_SVC_CHECK;h;s");
        bench.command("DISABLE_FLAP_DETECTION");
        bench = bench.restarted("", "");
        bench.finds("h;s", 2, 2);
        assertThat(bench.ran()).containsExactly("handle CRITICAL SOFT 1", "handle CRITICAL HARD 2");
        assertThat(bench.core.snapshot().get().settings()).hasSize(3);
        assertThat(bench.core.snapshot().get().objects().get("h;s").active()).contains(false);
    }

    @Test
    void anIntervalThatIsMadeShorterCountsAtOnce() {
        bench.command("CHANGE_NORMAL_SVC_CHECK_INTERVAL;h;s;1");
        long due = bench.core.snapshot().get().objects().get("h;s").dueMillis();
        assertThat(due).isBetween(bench.seconds() * 1000, bench.seconds() * 1000 + 60_000);
        bench.command("CHANGE_NORMAL_SVC_CHECK_INTERVAL;h;s;0");
        assertThat(bench.core.snapshot().get().objects().get("h;s").dueMillis()).isZero();
    }
}
