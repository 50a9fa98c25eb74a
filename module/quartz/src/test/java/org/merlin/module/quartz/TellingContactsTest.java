package org.merlin.module.quartz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merlin.module.quartz.history.LogLines;
import org.merlin.protocol.event.CheckResult;
import org.merlin.protocol.event.CheckResult.NotificationCount;
import org.merlin.protocol.event.ContactNotification;
import org.merlin.protocol.event.Event;
import org.merlin.protocol.event.MonitoredObject;
import org.merlin.protocol.event.Notification;
import org.merlin.protocol.event.Register;

class TellingContactsTest {
    @TempDir
    Path directory;

    private Bench bench;

    private Bench bench(String service) throws IOException {
        return bench(service, "");
    }

    private Bench bench(String service, String host) throws IOException {
        bench = new Bench(directory, service, host);
        return bench;
    }

    @AfterEach
    void close() throws IOException {
        if (bench != null) {
            bench.close();
        }
    }

    private List<Notification> told() {
        return bench.broker.heard.stream()
                .filter(Notification.class::isInstance)
                .map(Notification.class::cast)
                .toList();
    }

    @Test
    void aProblemIsToldWhenItIsConfirmedAndItsEndToo() throws IOException {
        bench("");
        bench.finds("h;s", 2);
        assertThat(bench.ran()).isEmpty();
        bench.finds("h;s", 2);
        assertThat(bench.ran()).containsExactly("mail PROBLEM 1 ann@example.org h ''");
        assertThat(bench.log).contains("SERVICE NOTIFICATION: ann;h;s;CRITICAL;mail;out");
        NotificationCount count = bench.state("h;s").notification();
        assertThat(count)
                .isEqualTo(new NotificationCount(
                        1, Bench.START * 1_000_000, (Bench.START + 600) * 1_000_000, 1 << 2, false));
        bench.finds("h;s", 0);
        assertThat(bench.ran()).containsExactly("mail RECOVERY 2 ann@example.org h ''");
        assertThat(bench.state("h;s").notification()).isEqualTo(NotificationCount.NONE);
        assertThat(told()).extracting(Notification::state).containsExactly(2, 0);
        assertThat(told()).extracting(Notification::contacts).containsExactly(1, 1);
        assertThat(bench.broker.heard)
                .filteredOn(ContactNotification.class::isInstance)
                .hasSize(2);
    }

    @Test
    void aProblemThatNobodyWasToldOfEndsSilently() throws IOException {
        bench("notification_options r");
        bench.finds("h;s", 2, 2, 0);
        assertThat(bench.ran()).isEmpty();
        assertThat(told()).isEmpty();
    }

    @Test
    void itIsToldAgainWithTheNextResultAfterTheInterval() throws IOException {
        bench("");
        bench.finds("h;s", 2, 2, 2);
        bench.minutes(9);
        bench.finds("h;s", 2);
        assertThat(bench.ran()).hasSize(1);
        bench.minutes(1);
        bench.finds("h;s", 2);
        assertThat(bench.ran()).containsExactly("mail PROBLEM 2 ann@example.org h ''");
        bench.finds("h;s", 1);
        assertThat(bench.ran())
                .as("another state is told at once")
                .containsExactly("mail PROBLEM 3 ann@example.org h ''");
    }

    @Test
    void anIntervalOfZeroMeansOnce() throws IOException {
        bench("notification_interval 0");
        bench.finds("h;s", 2, 2);
        bench.minutes(100);
        bench.finds("h;s", 2);
        assertThat(bench.ran()).hasSize(1);
        assertThat(bench.state("h;s").notification().noMore()).isTrue();
    }

    @Test
    void aVolatileServiceTellsEachProblemResult() throws IOException {
        bench("is_volatile 1");
        bench.finds("h;s", 2, 2, 2, 2);
        assertThat(bench.ran()).hasSize(3);
    }

    @Test
    void theFirstNotificationMayWait() throws IOException {
        bench("first_notification_delay 5");
        bench.finds("h;s", 0, 2, 2);
        assertThat(bench.ran()).isEmpty();
        bench.minutes(5);
        bench.finds("h;s", 2);
        assertThat(bench.ran()).hasSize(1);
    }

    @Test
    void nobodyIsToldOfAServiceWhoseHostIsDown() throws IOException {
        bench("");
        bench.finds("h", 1);
        assertThat(bench.ran()).containsExactly("mail PROBLEM 1 ann@example.org h ''");
        bench.finds("h;s", 2);
        assertThat(bench.ran()).isEmpty();
    }

    @Test
    void whatTheModuleForbidsIsNotCounted() throws IOException {
        bench("event_handler handle");
        bench.broker.othersTell = true;
        bench.finds("h;s", 2, 2);
        assertThat(bench.run).isEmpty();
        assertThat(bench.state("h;s").notification().number()).isZero();
        bench.broker.othersTell = false;
        bench.port.tellContacts(bench.index("h;s"), 0);
        assertThat(bench.ran()).containsExactly("mail PROBLEM 1 ann@example.org h ''");
    }

    @Test
    void aRecoveryThatTheModuleKeptBackIsToldLater() throws IOException {
        bench("");
        bench.finds("h;s", 2, 2);
        bench.broker.othersTell = true;
        bench.finds("h;s", 0);
        bench.broker.othersTell = false;
        bench.ran();
        bench.port.tellContacts(bench.index("h;s"), 0);
        assertThat(bench.ran()).containsExactly("mail RECOVERY 2 ann@example.org h ''");
        bench.port.tellContacts(bench.index("h;s"), 0);
        assertThat(bench.ran()).as("once").isEmpty();
    }

    @Test
    void aRecoveryOfWhatAnotherNodeToldIsToldIfTheModuleSaysSo() throws IOException {
        bench("");
        bench.finds("h;s", 0);
        bench.port.tellContacts(bench.index("h;s"), 1 << 2);
        assertThat(bench.ran()).hasSize(1);
    }

    @Test
    void resultsOfOthersAreMutedUnlessTheyAreOurs() throws IOException {
        bench("event_handler handle");
        bench.finds("h;s", 2);
        bench.ran();
        CheckResult theirs = bench.broker.results.get(0);
        bench.finds("h;s", 0, 2, 2);
        CheckResult hard = bench.broker.results.get(bench.broker.results.size() - 1);
        bench.finds("h;s", 0);
        bench.ran();
        bench.port.apply(bench.index("h;s"), theirs, 10, false);
        bench.port.apply(bench.index("h;s"), hard.counted(new NotificationCount(4, 5, 6, 4, false)), 11, false);
        assertThat(bench.ran()).isEmpty();
        assertThat(bench.state("h;s").notification().number()).isEqualTo(4);
        bench.finds("h;s", 0);
        bench.ran();
        bench.port.apply(bench.index("h;s"), hard, 12, true);
        assertThat(bench.ran()).containsExactly("mail PROBLEM 1 ann@example.org h ''", "handle CRITICAL HARD 2");
    }

    @Test
    void escalationsTakeOver() throws IOException {
        bench("""
                contacts ann
                }
                define serviceescalation {
                  host_name h
                  service_description s
                  first_notification 2
                  notification_interval 1
                  contacts boss""");
        bench.finds("h;s", 2, 2);
        bench.minutes(10);
        bench.finds("h;s", 2);
        assertThat(bench.log)
                .filteredOn(line -> line.contains("NOTIFICATION"))
                .containsExactly(
                        "SERVICE NOTIFICATION: ann;h;s;CRITICAL;mail;out",
                        "SERVICE NOTIFICATION: boss;h;s;CRITICAL;mail;out");
        bench.minutes(1);
        bench.finds("h;s", 2, 0);
        assertThat(bench.log).last().isEqualTo("SERVICE NOTIFICATION: boss;h;s;OK;mail;out");
        assertThat(bench.run).hasSize(4);
    }

    @Test
    void peopleMayTellContactsDelayAndNumber() throws IOException {
        bench("notifications_enabled 0");
        bench.command("SEND_CUSTOM_SVC_NOTIFICATION;h;s;0;me;hello");
        assertThat(bench.ran()).isEmpty();
        bench.command("SEND_CUSTOM_SVC_NOTIFICATION;h;s;7;me;rm `x`; $HOME");
        assertThat(bench.ran()).hasSize(1).first().asString().isEqualTo("mail CUSTOM 1 ann@example.org h 'rm x HOME'");
        assertThat(bench.state("h;s").notification().number()).isEqualTo(1);
        assertThat(bench.log).contains("SERVICE NOTIFICATION: ann;h;s;CUSTOM (OK);mail;;me;rm `x`; $HOME");
        bench.command("SET_SVC_NOTIFICATION_NUMBER;h;s;7");
        bench.command("DELAY_SVC_NOTIFICATION;h;s;1700000500");
        assertThat(bench.state("h;s").notification().number()).isEqualTo(7);
        assertThat(bench.state("h;s").notification().nextMicros()).isEqualTo(1_700_000_500_000_000L);
        assertThat(told()).extracting(Notification::contacts).containsExactly(1, 0, 0);
    }

    @Test
    void switchesKeepContactsUntold() throws IOException {
        for (String off : List.of(
                "DISABLE_NOTIFICATIONS",
                "DISABLE_SVC_NOTIFICATIONS;h;s",
                "DISABLE_HOST_SVC_NOTIFICATIONS;h",
                "DISABLE_CONTACT_SVC_NOTIFICATIONS;ann")) {
            bench("");
            bench.command(off);
            bench.finds("h;s", 2, 2);
            assertThat(bench.ran()).as(off).isEmpty();
            bench.command(off.replace("DISABLE", "ENABLE"));
            bench.finds("h;s", 2);
            assertThat(bench.ran()).as(off).hasSize(1);
            bench.close();
        }
    }

    @Test
    void eventHandlersRunWithEachStepOfAProblem() throws IOException {
        bench("event_handler handle/contacts boss/notification_options n".replace("/", "\n"));
        bench.finds("h;s", 2, 2, 2, 0);
        assertThat(bench.ran()).containsExactly("handle CRITICAL SOFT 1", "handle CRITICAL HARD 2", "handle OK HARD 2");
        assertThat(bench.log).contains("SERVICE EVENT HANDLER: h;s;CRITICAL;SOFT;1;handle");
        bench.command("DISABLE_SVC_EVENT_HANDLER;h;s");
        bench.finds("h;s", 2);
        assertThat(bench.ran()).isEmpty();
    }

    @Test
    void flappingSilencesAndIsToldItself() throws IOException {
        bench("max_check_attempts 1");
        for (int i = 0; i < 12 && !bench.state("h;s").flaps().active(); i++) {
            bench.finds("h;s", 2, 0);
        }
        assertThat(bench.state("h;s").flaps().active()).isTrue();
        assertThat(bench.ran()).last().asString().startsWith("mail FLAPPINGSTART");
        assertThat(bench.notes.allComments()).hasSize(1);
        assertThat(bench.broker.results)
                .last()
                .satisfies(result -> assertThat(result.history().flapping()).isTrue());
        bench.finds("h;s", 2);
        assertThat(bench.ran()).isEmpty();
        for (int i = 0; i < 21; i++) {
            bench.finds("h;s", 0);
        }
        assertThat(bench.state("h;s").flaps().active()).isFalse();
        assertThat(bench.ran()).containsExactly("mail FLAPPINGSTOP 0 ann@example.org h ''");
        assertThat(bench.notes.allComments()).isEmpty();
    }

    @Test
    void flappingIsLoggedAsNagiosDoes() {
        assertThat(LogLines.flapping(MonitoredObject.ofService("h", "s"), "STARTED", 31.25, ">=", 30))
                .isEqualTo("SERVICE FLAPPING ALERT: h;s;STARTED; Service appears to have started flapping"
                        + " (31.3% change >= 30.0% threshold)");
    }

    @Test
    void flapDetectionThatIsSwitchedOffEndsIt() throws IOException {
        bench("max_check_attempts 1");
        bench.finds("h;s", 2, 0, 2, 0, 2, 0, 2, 0, 2, 0);
        bench.ran();
        bench.command("DISABLE_FLAP_DETECTION");
        assertThat(bench.state("h;s").flaps().active()).isFalse();
        assertThat(bench.ran()).containsExactly("mail FLAPPINGDISABLED 0 ann@example.org h ''");
        assertThat(bench.broker.heard)
                .filteredOn(TellingContactsTest::isRegister)
                .hasSize(1);
    }

    @Test
    void flappingCanBeForgotten() throws IOException {
        bench("max_check_attempts 1");
        bench.finds("h;s", 2, 0, 2, 0, 2, 0, 2, 0, 2, 0);
        bench.ran();
        bench.command("CLEAR_SVC_FLAPPING_STATE;h;s");
        assertThat(bench.state("h;s").flaps().percent()).isZero();
        assertThat(bench.ran()).hasSize(1);
        bench.finds("h;s", 0);
        assertThat(bench.state("h;s").flaps().active()).isFalse();
    }

    private static boolean isRegister(Event event) {
        return event instanceof Register;
    }

    @Test
    void theRunnersFlappingIsOurs() throws IOException {
        bench("max_check_attempts 1");
        bench.finds("h;s", 2, 0, 2, 0, 2, 0, 2, 0, 2, 0);
        CheckResult flapping = bench.broker.results.get(bench.broker.results.size() - 1);
        bench.close();
        bench("max_check_attempts 1");
        bench.port.apply(bench.index("h;s"), flapping, 3, false);
        assertThat(bench.state("h;s").flaps().active()).isTrue();
        assertThat(bench.state("h;s").flaps().lately())
                .isEqualTo(flapping.history().lately());
        assertThat(bench.notes.allComments()).hasSize(1);
        assertThat(bench.ran()).isEmpty();
    }
}
